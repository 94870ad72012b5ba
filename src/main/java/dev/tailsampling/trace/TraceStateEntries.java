package dev.tailsampling.trace;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a W3C tracestate header by key, as OpenTelemetry's Go API reads them, on which the Collector's
 * {@code trace_state} policy and its OTTL rely: keys may begin with a digit, and no key may come twice.
 */
public final class TraceStateEntries {

    private static final int MAX_ENTRIES = 32;
    private static final Pattern KEY =
            Pattern.compile("[a-z0-9][-a-z0-9_*/]{0,255}|[a-z0-9][-a-z0-9_*/]{0,240}@[a-z][-a-z0-9_*/]{0,13}");
    private static final Pattern VALUE = Pattern.compile("[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

    private TraceStateEntries() {}

    /** The value under a key, empty when the header does not have it; null if the header is malformed. */
    public static @Nullable String value(@Nullable String header, String key) {
        String found = "";
        Set<String> keys = new HashSet<>();
        for (String member : (header == null ? "" : header).split(",")) {
            String entry = member.strip();
            int equals = entry.indexOf('=');
            if (entry.isEmpty()) {
                continue;
            }
            if (equals < 0 || !KEY.matcher(entry.substring(0, equals)).matches()
                    || !VALUE.matcher(entry.substring(equals + 1)).matches()
                    || !keys.add(entry.substring(0, equals)) || keys.size() > MAX_ENTRIES) {
                return null;
            }
            found = entry.substring(0, equals).equals(key) ? entry.substring(equals + 1) : found;
        }
        return found;
    }
}
