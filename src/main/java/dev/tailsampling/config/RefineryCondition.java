package dev.tailsampling.config;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Quantifier;
import dev.tailsampling.policy.RefineryComparison;
import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryComparison.Operator;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A condition of a Refinery rule: in how many ways it can hold. Refinery looks at one item (a span, an event, a link)
 * after the other, but a field with {@code root.} in front is the root span's for all of them; so each way is something
 * that holds for the trace, together with something that holds for one item.
 *
 * @param ways of which one is enough; empty when it never holds
 */
record RefineryCondition(List<Way> ways) {

    private static final String ROOT = "root.";
    private static final RefineryComparison EXISTS =
            RefineryComparison.of(Operator.EXISTS, Datatype.UNTYPED, List.of());
    private static final RefineryComparison NOT_EXISTS =
            RefineryComparison.of(Operator.NOT_EXISTS, Datatype.UNTYPED, List.of());

    RefineryCondition {
        ways = List.copyOf(ways);
    }

    /**
     * One way.
     *
     * @param ofTrace what holds for the trace
     * @param ofItem what holds for one of its items, all of it; empty when any item will do
     */
    record Way(List<SamplingPolicy> ofTrace, List<SpanTest.FieldTest> ofItem) {

        Way {
            ofTrace = List.copyOf(ofTrace);
            ofItem = List.copyOf(ofItem);
        }

        /** Both at once, on the same item. */
        Way and(Way other) {
            return new Way(concat(ofTrace, other.ofTrace), concat(ofItem, other.ofItem));
        }

        /** The policies that all have to match. */
        List<SamplingPolicy> policies() {
            return ofItem.isEmpty()
                    ? ofTrace
                    : concat(ofTrace,
                            List.of(new SamplingPolicy.Spans(Quantifier.ANY_SPAN, new SpanTest.AnyItem(ofItem))));
        }
    }

    /** A condition on the trace as a whole. */
    static RefineryCondition ofTrace(SamplingPolicy policy) {
        return new RefineryCondition(List.of(new Way(List.of(policy), List.of())));
    }

    /**
     * A condition on the first of some fields that there is.
     *
     * @param fields names, at least one
     * @param nested whether fields that are nowhere are looked for within maps, on the item itself
     */
    static RefineryCondition ofFields(List<String> fields, boolean nested, RefineryComparison comparison) {
        if (fields.stream().noneMatch(field -> field.startsWith(ROOT))) {
            return new RefineryCondition(List.of(new Way(List.of(),
                    List.of(new SpanTest.FieldTest(RefineryFields.of(fields, nested), comparison)))));
        }
        List<Way> ways = new ArrayList<>();
        List<SamplingPolicy> rootLacks = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int from = 0; from < fields.size();) {
            int to = endOfRun(fields, from);
            List<String> run = fields.subList(from, to);
            if (fields.get(from).startsWith(ROOT)) {
                RefineryFields ofRoot = RefineryFields.of(run.stream().map(RefineryCondition::plain).toList(), false);
                ways.add(new Way(concat(rootLacks, List.of(root(present(ofRoot, comparison)))), absent(absent)));
                rootLacks.add(new SamplingPolicy.Not(
                        NamedPolicy.of("root", root(List.of(new SpanTest.FieldTest(ofRoot, EXISTS))))));
            } else {
                ways.add(new Way(rootLacks,
                        concat(absent(absent), present(RefineryFields.of(run, false), comparison))));
                absent.addAll(run);
            }
            from = to;
        }
        if (nested && !absent.isEmpty()) {
            ways.add(new Way(rootLacks, concat(absent(absent),
                    List.of(new SpanTest.FieldTest(RefineryFields.of(absent, true), comparison)))));
        } else if (comparison.test(null)) {
            ways.add(new Way(rootLacks, absent(absent)));
        }
        return new RefineryCondition(ways);
    }

    private static String plain(String field) {
        return field.startsWith(ROOT) ? field.substring(ROOT.length()) : field;
    }

    /** Fields of the root that follow one another are one question, and so are those of the item. */
    private static int endOfRun(List<String> fields, int from) {
        int to = from + 1;
        while (to < fields.size() && fields.get(to).startsWith(ROOT) == fields.get(from).startsWith(ROOT)) {
            to++;
        }
        return to;
    }

    /** There, and as asked. Some comparisons are true of what is absent, too. */
    private static List<SpanTest.FieldTest> present(RefineryFields fields, RefineryComparison comparison) {
        SpanTest.FieldTest test = new SpanTest.FieldTest(fields, comparison);
        return comparison.test(null) ? List.of(new SpanTest.FieldTest(fields, EXISTS), test) : List.of(test);
    }

    private static List<SpanTest.FieldTest> absent(List<String> fields) {
        return fields.isEmpty()
                ? List.of()
                : List.of(new SpanTest.FieldTest(RefineryFields.of(fields, false), NOT_EXISTS));
    }

    private static SamplingPolicy root(List<SpanTest.FieldTest> tests) {
        return new SamplingPolicy.Spans(Quantifier.ROOT, SpanTest.allOf(
                tests.stream().<SpanTest>map(test -> new SpanTest.Value(test.fields(), test.test())).toList()));
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
