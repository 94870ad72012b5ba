package dev.tailsampling.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects in what a Refinery rules file means something else here: each kind once, with the first place of it. */
final class RefineryDifferences {

    private final List<String> warnings = new ArrayList<>();
    private final Map<Difference, List<Origin>> found = new LinkedHashMap<>();

    /** What works differently. */
    enum Difference {
        RATE("one in SampleRate is picked by the trace's randomness (R >= T), not by a die, so that the pick can be "
                + "repeated and agrees with other samplers"),
        SHA1("one in SampleRate is picked by SHA-1 of the trace id, as in Refinery, so that the probability of what is "
                + "kept is not known to samplers before and after; Refinery hashes ids of 64 bits without the zeros in "
                + "front"),
        KEYED("the trace is picked at its key's rate by its randomness (R >= T), not by a die; time is that of the "
                + "decisions"),
        KEY("of more than 99 values the key has those that sort first, not those that arrived first; values and numbers "
                + "of events and links are not in it"),
        GOAL("GoalThroughputPerSec is the goal of all traffic here, not of one instance, and is not divided by "
                + "UseClusterSize"),
        NESTED("CheckNestedFields looks into attributes that are maps and lists, by names and places, not by all of "
                + "GJSON's path syntax");

        private final String sentence;

        Difference(String sentence) {
            this.sentence = sentence;
        }

        /** What is different, for people. */
        String sentence() {
            return sentence;
        }
    }

    /** What holds for every file. */
    static final List<String> ALWAYS = List.of(
            "a trace is decided when it is quiet, whatever SendDelay, TraceTimeout and SpanLimit say",
            "Refinery multiplies its rate with the sample rate that spans arrive with; here a span's own threshold in "
                    + "tracestate counts, the stricter of the two",
            "of several root spans one that matches is enough; Refinery looks at the last that arrived",
            "attributes that are maps are one field here, which only CheckNestedFields looks into; Refinery's OTLP intake "
                    + "makes a field of each of their entries");

    void add(PolicyFields fields, String field, Difference difference) {
        add(fields.get(field).origin(), difference);
    }

    private void add(Origin origin, Difference difference) {
        found.computeIfAbsent(difference, unseen -> new ArrayList<>()).add(origin);
    }

    /** Something that concerns one field only. */
    void warn(PolicyFields fields, String field, String sentence) {
        warnings.add(fields.get(field).origin() + ": " + fields.owner() + ": " + sentence);
    }

    /** Something that concerns one block only. */
    void warn(PolicyFields fields, String sentence) {
        warnings.add(fields.origin() + ": " + fields.owner() + ": " + sentence);
    }

    /** One sentence each. */
    List<String> all() {
        List<String> all = new ArrayList<>(warnings);
        found.forEach((difference, places) -> all.add(places.getFirst() + more(places.size() - 1) + ": "
                + difference.sentence));
        return all;
    }

    private static String more(int places) {
        return places == 0 ? "" : " and " + places + (places == 1 ? " more place" : " more places");
    }
}
