package dev.tailsampling.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A W3C tracestate header: our own {@code ot} entry, and those of others, which are passed on unchanged. (W3C Trace
 * Context level 2, section 3.3; sizes as in the Collector's {@code pkg/sampling} v0.164.1.)
 *
 * @param ot the OpenTelemetry entry, {@link OtelTraceState#EMPTY} if there is none
 * @param otherMembers the other entries, "key=value", in their order
 */
public record TraceState(OtelTraceState ot, List<String> otherMembers) {

    private static final String OT = "ot=";
    private static final int MAX_LENGTH = 1024;
    private static final int MAX_MEMBERS = 32;
    private static final int MAX_KEY_LENGTH = 256;
    private static final int MAX_TENANT_LENGTH = 241;
    private static final int MAX_SYSTEM_LENGTH = 14;
    private static final int MAX_VALUE_LENGTH = 256;

    public TraceState {
        otherMembers = List.copyOf(otherMembers);
    }

    /**
     * Reads a header. Empty entries and white space around entries are allowed and not kept. Two entries of one key,
     * which W3C forbids, are passed on; of two {@code ot} the last counts, as in the Collector.
     *
     * @return null if the header is malformed or too large in any place, be it another's entry
     */
    public static @Nullable TraceState parse(String header) {
        if (header.length() > MAX_LENGTH) {
            return null;
        }
        String[] members = header.split(",", -1);
        if (members.length > MAX_MEMBERS) {
            return null;
        }
        OtelTraceState ot = OtelTraceState.EMPTY;
        List<String> others = new ArrayList<>();
        for (String untrimmed : members) {
            String member = withoutSpace(untrimmed);
            if (member.startsWith(OT)) {
                ot = OtelTraceState.parse(member.substring(OT.length()));
                if (!ot.isValid()) {
                    return null;
                }
            } else if (isMember(member)) {
                others.add(member);
            } else if (!member.isEmpty()) {
                return null;
            }
        }
        return new TraceState(ot, others);
    }

    /** The {@code ot} entry of a header; empty if the header has none or is malformed. Cheap where there is none. */
    public static OtelTraceState otel(String header) {
        if (!header.contains(OT)) {
            return OtelTraceState.EMPTY;
        }
        TraceState state = parse(header);
        return state == null ? OtelTraceState.EMPTY : state.ot;
    }

    /** The same with another {@code ot} entry. */
    public TraceState with(OtelTraceState replacement) {
        return new TraceState(replacement, otherMembers);
    }

    /** The header, {@code ot} first, as W3C wants of an entry that was changed; empty if no entry is left. */
    public String header() {
        List<String> members = new ArrayList<>();
        if (!ot.isEmpty()) {
            members.add(OT + ot.text());
        }
        members.addAll(otherMembers);
        return String.join(",", members);
    }

    /** Only blanks and tabs are white space here. */
    private static String withoutSpace(String member) {
        int from = 0;
        int to = member.length();
        while (from < to && isSpace(member.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(member.charAt(to - 1))) {
            to--;
        }
        return member.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isMember(String member) {
        int equals = member.indexOf('=');
        return equals > 0 && isKey(member.substring(0, equals)) && isValue(member, equals + 1);
    }

    /** A simple key begins with a letter; that of a tenant, "tenant@system", may begin with a digit. */
    private static boolean isKey(String key) {
        int at = key.indexOf('@');
        if (at < 0) {
            return key.length() <= MAX_KEY_LENGTH && Ascii.isLowerAlpha(key.charAt(0)) && isKeyText(key);
        }
        String tenant = key.substring(0, at);
        String system = key.substring(at + 1);
        return !tenant.isEmpty() && tenant.length() <= MAX_TENANT_LENGTH
                && Ascii.isLowerAlphaOrDigit(tenant.charAt(0)) && isKeyText(tenant)
                && !system.isEmpty() && system.length() <= MAX_SYSTEM_LENGTH
                && Ascii.isLowerAlpha(system.charAt(0)) && isKeyText(system);
    }

    private static boolean isKeyText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(Ascii.isLowerAlphaOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/')) {
                return false;
            }
        }
        return true;
    }

    /** Printable ASCII but the comma and the equals sign. White space at its end is none of the value's. */
    private static boolean isValue(String member, int start) {
        int length = member.length() - start;
        if (length < 1 || length > MAX_VALUE_LENGTH) {
            return false;
        }
        for (int i = start; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return false;
            }
        }
        return true;
    }
}
