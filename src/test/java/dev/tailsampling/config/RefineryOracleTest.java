package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.RefineryComparison;
import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryComparison.Operator;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Random rules on random traces, against the plain loops: each condition of a rule is asked of each item in turn, with
 * the whole trace at hand. What the rules are compiled to sees one span at a time.
 */
class RefineryOracleTest {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> FIELDS = List.of("a", "b", "c", "root.a", "root.b", "root.c");
    private static final List<Operator> OPERATORS = List.of(Operator.EQ, Operator.NE, Operator.EXISTS,
            Operator.NOT_EXISTS, Operator.DOES_NOT_CONTAIN, Operator.NOT_IN, Operator.CONTAINS);

    private record Condition(List<String> fields, Operator operator, Datatype datatype, String value) {

        Map<String, Object> yaml() {
            Map<String, Object> yaml = new LinkedHashMap<>();
            yaml.put("Fields", fields);
            yaml.put("Operator", operator.label());
            yaml.put("Value", value);
            if (datatype != Datatype.UNTYPED) {
                yaml.put("Datatype", datatype.label());
            }
            return yaml;
        }

        boolean holds(Item item, @Nullable Item root) {
            return RefineryComparison.of(operator, datatype, List.of(new StringValue(value)))
                    .test(valueOf(item, root));
        }

        private @Nullable AttributeValue valueOf(Item item, @Nullable Item root) {
            for (String field : fields) {
                Item owner = field.startsWith("root.") ? root : item;
                AttributeValue value = owner == null ? null : owner.values.get(field.replace("root.", ""));
                if (value != null) {
                    return value;
                }
            }
            return null;
        }
    }

    /** A span, or one of its events or links. */
    private record Item(Map<String, AttributeValue> values) {}

    private record Trace(List<TestSpan> spans, List<Item> items, @Nullable Item root) {

        static Trace random(Random random) {
            List<TestSpan> spans = new ArrayList<>();
            List<Item> items = new ArrayList<>();
            Item root = null;
            int rootAt = random.nextInt(5);
            for (int i = 0; i <= random.nextInt(4); i++) {
                TestSpan span = TestSpan.span().id(i + 1L).parent(i == rootAt ? 0 : 99);
                Item item = item(random);
                item.values.forEach(span::with);
                root = i == rootAt ? item : root;
                items.add(item);
                if (random.nextInt(3) == 0) {
                    items.add(item(random));
                    span.event("e", items.getLast().values);
                }
                if (random.nextInt(3) == 0) {
                    items.add(item(random));
                    span.link(new TraceId(1, 1), 1, items.getLast().values);
                }
                spans.add(span);
            }
            return new Trace(spans, items, root);
        }

        private static Item item(Random random) {
            Map<String, AttributeValue> values = new HashMap<>();
            NAMES.forEach(name -> {
                if (random.nextBoolean()) {
                    values.put(name, new StringValue(random.nextBoolean() ? "x" : "y"));
                }
            });
            return new Item(values);
        }
    }

    private static Condition condition(Random random) {
        List<String> fields = random.ints(1 + random.nextInt(4), 0, FIELDS.size()).distinct()
                .mapToObj(FIELDS::get).toList();
        return new Condition(fields, OPERATORS.get(random.nextInt(OPERATORS.size())),
                random.nextBoolean() ? Datatype.STRING : Datatype.UNTYPED, "x");
    }

    private static boolean matches(boolean spanScope, List<Condition> conditions, Trace trace) {
        return spanScope
                ? trace.items.stream()
                        .anyMatch(item -> conditions.stream().allMatch(one -> one.holds(item, trace.root)))
                : conditions.stream()
                        .allMatch(one -> trace.items.stream().anyMatch(item -> one.holds(item, trace.root)));
    }

    @RepeatedTest(200)
    void rulesMatchWhatTheLoopsMatch(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        boolean spanScope = random.nextBoolean();
        List<Condition> conditions =
                IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> condition(random)).toList();
        String yaml = EffectiveYaml.text(Map.of("RulesVersion", 2, "Samplers", Map.of("__default__",
                Map.of("RulesBasedSampler", Map.of("Rules", List.of(Map.of("Name", "it", "Drop", true, "Scope",
                        spanScope ? "span" : "trace", "Conditions",
                        conditions.stream().map(Condition::yaml).toList())))))));
        ParsedPolicies rules = RefineryRules.parse("r.yaml", yaml, null);
        CompiledPolicies compiled = CompiledPolicies.of(rules.set());
        CompiledPolicies written =
                CompiledPolicies.of(new PolicyFile("p.yaml", PolicyWriter.yaml(rules.set())).parse().set());

        for (int i = 0; i < 50; i++) {
            Trace trace = Trace.random(random);
            boolean expected = matches(spanScope, conditions, trace);
            assertThat(isDropped(compiled, trace)).as("seed %s, trace %s: %s of %s",
                    repetition.getCurrentRepetition(), i, yaml, trace).isEqualTo(expected);
            assertThat(isDropped(written, trace)).isEqualTo(expected);
        }
    }

    private static boolean isDropped(CompiledPolicies policies, Trace trace) {
        TraceSummary summary = new TraceSummary(0, 1);
        trace.spans.forEach(span -> policies.folder().fold(summary, span));
        return policies.decide(summary).outcome() == Outcome.DROPPED;
    }
}
