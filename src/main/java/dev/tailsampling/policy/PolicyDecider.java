package dev.tailsampling.policy;

import dev.tailsampling.policy.CompiledPolicies.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decides traces by policies whose budgets and rates depend on other traces. Time is the decision time of the traces,
 * never the clock, and runs in windows of one second: the traces of a window compete for its budget together, so that a
 * replay decides as the live run did. Not thread-safe.
 */
public final class PolicyDecider {

    /** Length of a window of decision time. Traces of one window have to be decided in one call. */
    public static final long WINDOW_MILLIS = 1000;

    private final CompiledPolicies policies;
    private final List<LimitState> states;

    /**
     * A trace that is complete.
     *
     * @param summary what was seen of it
     * @param decisionMillis when it became complete, milliseconds since the epoch
     */
    public record Candidate(TraceSummary summary, long decisionMillis) {
        private long window() {
            return Math.floorDiv(decisionMillis, WINDOW_MILLIS);
        }
    }

    /** With full budgets and nothing counted. */
    public PolicyDecider(CompiledPolicies policies) {
        this.policies = policies;
        this.states = new ArrayList<>(policies.limits().stream().map(Limit::start).toList());
    }

    /**
     * Decides traces, in the order of their decision times; of equal times in the order given.
     *
     * @return a decision for each, in the order given
     */
    public List<Decision> decide(List<Candidate> candidates) {
        if (states.isEmpty()) {
            return candidates.stream().map(candidate -> policies.decide(candidate.summary())).toList();
        }
        Decision[] decisions = new Decision[candidates.size()];
        List<Integer> ordered = IntStream.range(0, candidates.size()).boxed()
                .sorted(Comparator.comparingLong(i -> candidates.get(i).decisionMillis())).toList();
        Map<Long, List<Integer>> windows = new LinkedHashMap<>();
        ordered.forEach(i -> windows.computeIfAbsent(candidates.get(i).window(), unseen -> new ArrayList<>()).add(i));
        windows.forEach((window, members) -> {
            open(window * WINDOW_MILLIS, members.stream().map(i -> candidates.get(i).summary()).toList());
            members.forEach(i -> decisions[i] = decide(candidates.get(i)));
        });
        return List.of(decisions);
    }

    /** Where the first match decides, a trace competes for the budgets of that policy only. */
    private void open(long windowMillis, List<TraceSummary> window) {
        List<TraceSummary> competing = window.stream().filter(policies::competes).toList();
        if (policies.set().combination() != Combination.FIRST_MATCH) {
            states.forEach(state -> state.open(windowMillis, competing));
            return;
        }
        Map<Integer, List<TraceSummary>> byFirstMatch =
                competing.stream().collect(Collectors.groupingBy(policies::firstMatch));
        List<Entry> entries = policies.entries();
        for (int place = 0; place < entries.size(); place++) {
            List<TraceSummary> own = byFirstMatch.getOrDefault(place, List.of());
            entries.get(place).limits().forEach(slot -> states.get(slot).open(windowMillis, own));
        }
    }

    private Decision decide(Candidate candidate) {
        List<LimitState> asked = new ArrayList<>();
        Decision decision = policies.decide(candidate.summary(), (slot, summary) -> {
            asked.add(states.get(slot));
            return states.get(slot).threshold(summary, candidate.decisionMillis());
        });
        // What was asked last belongs to the policy that decided, where the first match does.
        for (LimitState state : asked.reversed()) {
            Decision.Detail detail = state.detail();
            if (detail != null) {
                return decision.with(detail);
            }
        }
        return decision;
    }

    /** All that is remembered, as a text without line ends; empty when there is nothing. */
    public String snapshot() {
        if (states.isEmpty()) {
            return "";
        }
        List<byte[]> parts = states.stream().map(LimitState::snapshot).toList();
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum());
        parts.forEach(part -> all.putInt(part.length).put(part));
        return ownVersion() + ":" + Base64.getEncoder().withoutPadding().encodeToString(all.array());
    }

    /** Force rules come and go; budgets do not begin anew for that. */
    private String ownVersion() {
        return policies.set().withForceRules(List.of()).version();
    }

    /**
     * Goes on from a snapshot. One of another version of the policies tells nothing about these: budgets stay full.
     *
     * @throws IllegalArgumentException if the text is not a snapshot
     */
    public void restore(String snapshot) {
        if (!snapshot.startsWith(ownVersion() + ":")) {
            return;
        }
        ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(snapshot.substring(snapshot.indexOf(':') + 1)));
        for (int slot = 0; slot < states.size(); slot++) {
            if (all.remaining() < Integer.BYTES) {
                throw new IllegalArgumentException("the state of budgets is cut off");
            }
            byte[] part = new byte[Math.clamp(all.getInt(), 0, all.remaining())];
            all.get(part);
            states.set(slot, policies.limits().get(slot).restore(part));
        }
    }
}
