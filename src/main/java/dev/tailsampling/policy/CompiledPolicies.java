package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy set ready for use: {@link #folder()} for the spans, {@link #decide} for the summaries. Immutable and safe for
 * use by many threads.
 *
 * <p>The decision (after the Collector's {@code tail_sampling}, b.1 of its algorithm): a drop policy that matches wins
 * over everything; else the trace is sampled when some policy's threshold is at most its randomness, and the lowest such
 * threshold, the first on ties, names the deciding policy. All policies look at the same randomness, so that lowest
 * threshold is the exact inclusion probability of their union.
 */
public final class CompiledPolicies {

    private static final long RANDOMNESS_RANGE = Threshold.NEVER.value();

    /** One policy of the set, with the sentences that decisions on it need, made once. */
    record Entry(String name, String definition, boolean drops, CompiledPolicy policy, Vote positive, Vote negative,
            String reason) {

        static Entry of(String name, String definition, boolean drops, CompiledPolicy policy) {
            Outcome yes = drops ? Outcome.DROPPED : Outcome.SAMPLED;
            String verb = drops ? "dropped by " : "sampled by ";
            return new Entry(name, definition, drops, policy, new Vote(name, yes), new Vote(name, Outcome.NOT_SAMPLED),
                    verb + name + ": " + definition);
        }
    }

    private final String version;
    private final List<Entry> entries;
    private final List<SpanFolder.KeyConditions> conditionsByKey;
    private final int conditionCount;

    CompiledPolicies(String version, List<Entry> entries, List<SpanFolder.KeyConditions> conditionsByKey,
            int conditionCount) {
        this.version = version;
        this.entries = entries;
        this.conditionsByKey = conditionsByKey;
        this.conditionCount = conditionCount;
    }

    /** Compiles a policy set. */
    public static CompiledPolicies of(PolicySet set) {
        return PolicyCompiler.compile(set);
    }

    /** Version of the policy set, for the record. */
    public String version() {
        return version;
    }

    /** How many 64-bit words of {@link TraceSummary#conditionWord} the set uses. */
    public int conditionWords() {
        return (conditionCount + 63) / 64;
    }

    /** A new folder, for one thread. */
    public SpanFolder folder() {
        return new SpanFolder(conditionsByKey);
    }

    /** Decides on one trace. The same summary gives the same decision, always. */
    public Decision decide(TraceSummary summary) {
        long randomness = summary.randomness();
        List<Vote> votes = new ArrayList<>(entries.size());
        Entry dropper = null;
        Entry winner = null;
        Entry outvoted = null;
        long floor = 0;
        long lowest = CompiledPolicy.NO_MATCH;
        for (Entry entry : entries) {
            long threshold = voteThreshold(entry, summary);
            boolean positive = entry.drops() ? randomness < threshold : randomness >= threshold;
            votes.add(positive ? entry.positive() : entry.negative());
            if (entry.drops()) {
                dropper = positive && dropper == null ? entry : dropper;
                floor = Math.max(floor, threshold);
            } else if (positive && threshold < lowest) {
                winner = entry;
                lowest = threshold;
            } else if (threshold < CompiledPolicy.NO_MATCH && !positive && outvoted == null) {
                outvoted = entry;
            }
        }
        if (dropper != null) {
            return new Decision(Outcome.DROPPED, dropper.name(), dropper.reason(), null, votes);
        }
        return winner == null
                ? notSampled(outvoted, votes)
                : new Decision(Outcome.SAMPLED, winner.name(), winner.reason(),
                        new Threshold(Math.max(floor, lowest)), votes);
    }

    private static Decision notSampled(@Nullable Entry outvoted, List<Vote> votes) {
        String reason = outvoted == null
                ? "no policy matched"
                : "matched " + outvoted.name() + ", but the trace is not in its share: " + outvoted.definition();
        return new Decision(Outcome.NOT_SAMPLED, null, reason, null, votes);
    }

    /**
     * The threshold that the randomness is held against. A sampling policy keeps what reaches it. A drop policy drops what
     * is below it: where its conditions hold for a share p of the randomness, the lowest p are dropped.
     */
    private static long voteThreshold(Entry entry, TraceSummary summary) {
        long threshold = entry.policy().threshold(summary);
        return entry.drops() ? RANDOMNESS_RANGE - threshold : threshold;
    }

    /** Every policy's vote with what led to it, in the order of the set. */
    public List<PolicyFinding> explain(TraceSummary summary) {
        List<Vote> votes = decide(summary).votes();
        List<PolicyFinding> findings = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            findings.add(new PolicyFinding(votes.get(i), entry.definition(), entry.policy().why(summary),
                    new Threshold(entry.policy().threshold(summary))));
        }
        return findings;
    }
}
