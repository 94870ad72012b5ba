package dev.tailsampling.policy;

import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy set ready for use: {@link #folder()} for the spans, {@link #decide} or a {@link PolicyDecider} for the
 * summaries. Immutable and safe for use by many threads.
 *
 * <p>The decision: a force rule that matches comes first. Then (after the Collector's {@code tail_sampling}, b.1 of its
 * algorithm) a drop policy that matches wins over everything; else the trace is sampled when some policy's threshold is
 * at most its randomness, and the lowest such threshold, the first on ties, names the deciding policy. All policies look
 * at the same randomness, so that lowest threshold is the exact inclusion probability of their union. Where the first
 * match decides, the policies are asked in order only as far as needed.
 */
public final class CompiledPolicies {

    private static final long RANDOMNESS_RANGE = Threshold.NEVER.value();

    /** What a policy's match leads to. */
    enum Kind {
        SAMPLE, DROP, INVERTED
    }

    /** One policy of the set, with the sentences and votes that decisions on it need, made once. */
    record Entry(String name, String definition, Kind kind, CompiledPolicy policy, List<Integer> limits, int sampleRate,
            Vote positive, Vote negative, Vote error, String reason) {

        static Entry of(String name, String definition, Kind kind, CompiledPolicy policy, List<Integer> limits,
                int sampleRate) {
            VoteKind yes = switch (kind) {
                case SAMPLE -> VoteKind.SAMPLED;
                case DROP -> VoteKind.DROPPED;
                case INVERTED -> VoteKind.INVERT_SAMPLED;
            };
            VoteKind no = kind == Kind.INVERTED ? VoteKind.INVERT_NOT_SAMPLED : VoteKind.NOT_SAMPLED;
            String verb = kind == Kind.DROP ? "dropped by " : "sampled by ";
            return new Entry(name, definition, kind, policy, limits, sampleRate, new Vote(name, yes),
                    new Vote(name, no),
                    new Vote(name, VoteKind.ERROR), verb + name + ": " + definition);
        }

        boolean drops() {
            return kind == Kind.DROP;
        }

        /** The vote that an answer amounts to. */
        Vote vote(long answer, long randomness) {
            if (answer == CompiledPolicy.ERROR) {
                return error;
            }
            return isPositive(answer, randomness) ? positive : negative;
        }

        /**
         * A sampling policy keeps what reaches its threshold. A drop policy drops what is below it: where its conditions
         * hold for a share p of the randomness, the lowest p are dropped.
         */
        boolean isPositive(long answer, long randomness) {
            if (!drops()) {
                return CompiledPolicy.keeps(answer, randomness);
            }
            return CompiledPolicy.isMatch(answer) && randomness < RANDOMNESS_RANGE - CompiledPolicy.value(answer);
        }

        String outvoted() {
            return "matched " + name + ", but the trace is not in its share: " + definition;
        }
    }

    /** A force rule by its bit, with the decision that it leads to. */
    record Rule(ForceRule rule, int bit, @Nullable Threshold keep, Decision decision) {

        static Rule of(ForceRule rule, int bit) {
            String name = rule.policyName();
            String text = rule.description().isBlank() ? rule.match().toString() : rule.description();
            return switch (rule.action()) {
                case ForceRule.Action.ForceKeep keep -> new Rule(rule, bit, keep.rate(), new Decision(Outcome.SAMPLED,
                        name, "kept by force rule " + rule.id() + ": " + text, keep.rate(),
                        List.of(new Vote(name, VoteKind.SAMPLED))));
                case ForceRule.Action.ForceDrop ignored -> new Rule(rule, bit, null, new Decision(Outcome.DROPPED,
                        name, "dropped by force rule " + rule.id() + ": " + text, null,
                        List.of(new Vote(name, VoteKind.DROPPED))));
            };
        }

        boolean matches(TraceSummary summary) {
            return summary.satisfied(bit);
        }

        boolean decides(TraceSummary summary) {
            return matches(summary) && (keep == null || keep.keeps(summary.randomness()));
        }
    }

    private final PolicySet set;
    private final String version;
    private final List<Rule> rules;
    private final List<Entry> entries;
    private final List<SpanTest> conditions;
    private final List<KeyedValues> keyed;
    private final List<Limit> limits;
    private final Set<SpanField> fields;

    CompiledPolicies(PolicySet set, List<Rule> rules, List<Entry> entries, List<SpanTest> conditions,
            List<KeyedValues> keyed, List<Limit> limits, Set<SpanField> fields) {
        this.set = set;
        this.version = set.version();
        this.rules = rules;
        this.entries = entries;
        this.conditions = conditions;
        this.keyed = keyed;
        this.limits = limits;
        this.fields = fields;
    }

    /** Compiles a policy set. */
    public static CompiledPolicies of(PolicySet set) {
        return PolicyCompiler.compile(set);
    }

    /** What was compiled. */
    public PolicySet set() {
        return set;
    }

    /** Version of the policy set, for the record. */
    public String version() {
        return version;
    }

    /** Parts of spans that decisions depend on; a folder asks for no others, but for counts that nobody looks at. */
    public Set<SpanField> fields() {
        return fields;
    }

    /** How many 64-bit words of {@link TraceSummary#conditionWord} the set uses. */
    public int conditionWords() {
        return (conditions.size() + 63) / 64;
    }

    /** A new folder, for one thread. */
    public SpanFolder folder() {
        return new SpanFolder(conditions, keyed);
    }

    /** The conditions on spans, by their bits. */
    List<SpanTest> conditions() {
        return conditions;
    }

    /** Whether decisions depend on other traces, too, so that a {@link PolicyDecider} is needed. */
    public boolean hasLimits() {
        return !limits.isEmpty();
    }

    List<Limit> limits() {
        return limits;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Those of the set, in its order. */
    List<Rule> rules() {
        return rules;
    }

    /** Decides on one trace as if there were no others. The same summary gives the same decision, always. */
    public Decision decide(TraceSummary summary) {
        return decide(summary, CompiledPolicy.Limits.NONE);
    }

    Decision decide(TraceSummary summary, CompiledPolicy.Limits limited) {
        Rule forced = forcedBy(summary);
        if (forced == null) {
            return byPolicies(summary, limited);
        }
        Threshold keep = forced.keep();
        if (keep == null || keep.equals(Threshold.ALWAYS)) {
            return forced.decision();
        }
        // What the policies keep anyway, they keep at their own threshold: the lower one is the union's.
        Decision otherwise = byPolicies(summary, limited);
        Decision decision = forced.decision();
        Threshold lower = otherwise.threshold() != null && otherwise.threshold().compareTo(keep) < 0
                ? otherwise.threshold()
                : keep;
        return new Decision(Outcome.SAMPLED, decision.policy(), decision.reason(), lower, decision.votes());
    }

    private @Nullable Rule forcedBy(TraceSummary summary) {
        for (Rule rule : rules) {
            if (rule.decides(summary)) {
                return rule;
            }
        }
        return null;
    }

    /** Whether neither a rule nor a drop policy nor the size decides, so that the trace competes for budgets. */
    boolean competes(TraceSummary summary) {
        return forcedBy(summary) == null && summary.byteCount() <= set.maxTraceBytes()
                && (set.combination() == Combination.FIRST_MATCH || !isDropped(summary));
    }

    private boolean isDropped(TraceSummary summary) {
        for (Entry entry : entries) {
            if (entry.drops() && entry.isPositive(entry.policy().threshold(summary, CompiledPolicy.Limits.NONE),
                    summary.randomness())) {
                return true;
            }
        }
        return false;
    }

    /** Place of the first policy that matches, when there is room in all limits; -1 if none does. */
    int firstMatch(TraceSummary summary) {
        for (int i = 0; i < entries.size(); i++) {
            if (CompiledPolicy.isMatch(entries.get(i).policy().threshold(summary, CompiledPolicy.Limits.NONE))) {
                return i;
            }
        }
        return -1;
    }

    private Decision byPolicies(TraceSummary summary, CompiledPolicy.Limits limited) {
        if (summary.byteCount() > set.maxTraceBytes()) {
            return new Decision(Outcome.NOT_SAMPLED, null, "its spans have " + summary.byteCount()
                    + " bytes, more than maximum_trace_size_bytes " + set.maxTraceBytes(), null, List.of());
        }
        return switch (set.combination()) {
            case ANY -> new Poll(summary).askAll(unlessDropped(summary, limited));
            case FIRST_SAMPLED -> new Poll(summary).askUntilSampled(unlessDropped(summary, limited));
            case FIRST_MATCH -> new Poll(summary).askUntilMatch(limited);
        };
    }

    /** A dropped trace uses up no budget, but all the same everybody's vote is recorded. */
    private CompiledPolicy.Limits unlessDropped(TraceSummary summary, CompiledPolicy.Limits limited) {
        return hasLimits() && isDropped(summary) ? CompiledPolicy.Limits.NONE : limited;
    }

    /** Ids of the force rules that a trace matches, whichever of them decides. */
    public List<String> matchedRules(TraceSummary summary) {
        return rules.stream().filter(rule -> rule.matches(summary)).map(rule -> rule.rule().id()).toList();
    }

    /** A new collector of what a trace's spans show, for {@link #explain}. */
    public SpanEvidence evidence() {
        return new SpanEvidence(conditions);
    }

    /**
     * Explains a decision.
     *
     * @param spans the trace's spans; without them the explanation names none
     * @param summary what was seen of the trace
     * @param decision what was decided on it; its votes and threshold stand where they depended on other traces
     */
    public Explanation explain(SpanEvidence spans, TraceSummary summary, Decision decision) {
        return new PolicyExplainer(this, spans, summary, decision).explain();
    }

    /** The votes on one trace, and what they come to. */
    private final class Poll {

        private final TraceSummary summary;
        private final long randomness;
        private final List<Vote> votes = new ArrayList<>(entries.size());
        private @Nullable Entry dropper;
        private @Nullable Entry winner;
        private @Nullable Entry outvoted;
        private @Nullable Entry vetoer;
        private @Nullable Entry inverted;
        private boolean matched;
        private long floor;
        private long lowest = Long.MAX_VALUE;
        private long winning;

        Poll(TraceSummary summary) {
            this.summary = summary;
            this.randomness = summary.randomness();
        }

        Decision askAll(CompiledPolicy.Limits limited) {
            for (Entry entry : entries) {
                ask(entry, entry.policy().threshold(summary, limited));
            }
            return decision();
        }

        Decision askUntilSampled(CompiledPolicy.Limits limited) {
            for (Entry entry : entries) {
                if (entry.drops() || winner == null) {
                    ask(entry, entry.policy().threshold(summary, limited));
                }
            }
            return decision();
        }

        Decision askUntilMatch(CompiledPolicy.Limits limited) {
            for (Entry entry : entries) {
                long answer = entry.policy().threshold(summary, limited);
                ask(entry, answer);
                if (CompiledPolicy.isMatch(answer)) {
                    Decision decision = dropper == null && winner == null
                            ? new Decision(Outcome.NOT_SAMPLED, entry.name(), entry.outvoted(), null, votes)
                            : decision();
                    return decision.with(Decision.Detail.ofRate(entry.sampleRate()));
                }
            }
            return decision().with(Decision.Detail.ofRate(PolicyCompiler.oneIn(set.unmatched())));
        }

        private void ask(Entry entry, long answer) {
            boolean positive = entry.isPositive(answer, randomness);
            votes.add(entry.vote(answer, randomness));
            matched |= CompiledPolicy.isMatch(answer);
            switch (entry.kind()) {
                case DROP -> {
                    dropper = positive && dropper == null ? entry : dropper;
                    floor = CompiledPolicy.isMatch(answer)
                            ? Math.max(floor, RANDOMNESS_RANGE - CompiledPolicy.value(answer))
                            : floor;
                }
                case SAMPLE -> sample(entry, answer, positive);
                case INVERTED -> {
                    inverted = positive && inverted == null ? entry : inverted;
                    vetoer = !positive && vetoer == null ? entry : vetoer;
                }
            }
        }

        private void sample(Entry entry, long answer, boolean positive) {
            if (positive && CompiledPolicy.value(answer) < lowest) {
                winner = entry;
                winning = answer;
                lowest = CompiledPolicy.value(answer);
            } else if (!positive && CompiledPolicy.isMatch(answer) && outvoted == null) {
                outvoted = entry;
            }
        }

        private Decision decision() {
            if (dropper != null) {
                return new Decision(Outcome.DROPPED, dropper.name(), dropper.reason(), null, votes);
            }
            if (vetoer != null) {
                return new Decision(Outcome.NOT_SAMPLED, null,
                        "matched " + vetoer.name() + ", which is inverted: " + vetoer.definition(), null, votes);
            }
            if (winner == null && inverted != null
                    && votes.stream().noneMatch(vote -> vote.vote() == VoteKind.NOT_SAMPLED)) {
                return new Decision(Outcome.SAMPLED, inverted.name(), inverted.reason(), Threshold.ALWAYS, votes);
            }
            if (winner == null) {
                return matched || set.unmatched().equals(Threshold.NEVER) ? notSampled() : unmatched();
            }
            boolean known = (winning & CompiledPolicy.UNWEIGHTED) == 0;
            return new Decision(Outcome.SAMPLED, winner.name(), winner.reason(),
                    known ? new Threshold(Math.max(floor, lowest)) : null, votes);
        }

        private Decision notSampled() {
            String reason = outvoted == null ? "no policy matched" : outvoted.outvoted();
            return new Decision(Outcome.NOT_SAMPLED, null, reason, null, votes);
        }

        private Decision unmatched() {
            Threshold share = set.unmatched();
            return share.keeps(randomness)
                    ? new Decision(Outcome.SAMPLED, null, "no policy matched, and the default keeps it",
                            new Threshold(Math.max(floor, share.value())), votes)
                    : new Decision(Outcome.NOT_SAMPLED, null,
                            "no policy matched, and the trace is not in the default's share", null, votes);
        }
    }
}
