package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.ValueSource.Attribute;
import dev.tailsampling.policy.ValueSource.Field;
import dev.tailsampling.policy.ValueSource.FirstOf;
import dev.tailsampling.policy.ValueSource.Owner;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TestSpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** However few of the tests are made, the bits are those that all tests, made one by one, would set. */
class SpanChecksTest {

    private static final int SETS = 200;
    private static final List<String> KEYS = List.of("service.name", "http.method", "http.status_code", "http.route",
            "component", "level", "k0", "k1", "k2", "no.such.key");
    private static final List<String> TEXTS = List.of("GET", "POST", "frontend", "net/http", "info", "v0", "v1", "200");

    private final SplittableRandom random;

    SpanChecksTest() {
        random = new SplittableRandom(20261122);
    }

    private SpanTest test(int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 7)) {
            case 2 -> new SpanTest.AllOf(tests(depth - 1));
            case 3 -> new SpanTest.AnyOf(tests(depth - 1));
            case 4 -> new SpanTest.Not(test(depth - 1));
            case 5 -> new SpanTest.Root();
            default -> new SpanTest.Value(source(), valueTest(2));
        };
    }

    private List<SpanTest> tests(int depth) {
        return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> test(depth)).toList();
    }

    private ValueSource source() {
        return switch (random.nextInt(8)) {
            case 0 -> Field.NAME;
            case 1 -> Field.DURATION_NANOS;
            case 2 -> new FirstOf(List.of(attribute(Owner.SPAN), attribute(Owner.SCOPE), attribute(Owner.RESOURCE)));
            case 3 -> attribute(Owner.SCOPE);
            case 4, 5 -> attribute(Owner.RESOURCE);
            default -> attribute(Owner.SPAN);
        };
    }

    private Attribute attribute(Owner owner) {
        return new Attribute(owner, AttributeKey.of(KEYS.get(random.nextInt(KEYS.size()))));
    }

    private ValueTest valueTest(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 10)) {
            case 0 -> new ValueTest.Exists();
            case 1 -> new ValueTest.Absent();
            case 2 -> new ValueTest.NumberIn(NumberRange.atLeast(BigDecimal.valueOf(random.nextInt(600))));
            case 3 -> ValueTest.StringMatches.of(List.of("^[A-Z]+$"));
            case 6 -> new ValueTest.Other(valueTest(depth - 1));
            case 7 -> new ValueTest.Read(ValueTest.As.TEXT, valueTest(depth - 1));
            case 8 -> new ValueTest.AnyOf(List.of(valueTest(depth - 1), valueTest(depth - 1)));
            default -> new ValueTest.StringIn(Set.of(text(), text() + "x"));
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private void check(SpanChecks checks, List<SpanTest> conditions, TraceSummary summary, SpanView span) {
        boolean[] before = new boolean[conditions.size()];
        for (int bit = 0; bit < before.length; bit++) {
            before[bit] = summary.satisfied(bit);
        }
        checks.test(summary, span);
        for (int bit = 0; bit < before.length; bit++) {
            assertThat(summary.satisfied(bit)).as("%s on span %x", conditions.get(bit), span.spanId())
                    .isEqualTo(before[bit] || conditions.get(bit).test(span));
        }
    }

    private List<SpanTest> conditions() {
        return IntStream.rangeClosed(0, random.nextInt(random.nextBoolean() ? 4 : 40)).mapToObj(i -> test(2)).toList();
    }

    @Test
    void realSpansInWireForm() throws IOException {
        List<byte[]> messages = realMessages();
        for (int i = 0; i < SETS / 10; i++) {
            List<SpanTest> conditions = conditions();
            SpanChecks checks = new SpanChecks(conditions);
            // Some spans share a summary, so that some conditions hold before they are asked.
            TraceSummary[] summaries = {new TraceSummary(0, 1), new TraceSummary(0, 2)};
            for (byte[] message : messages) {
                new OtlpSpans().forEach(message, 0, message.length, span -> {
                    int which = random.nextInt(50);
                    if (which < summaries.length) {
                        summaries[which] = new TraceSummary(0, which);
                    }
                    check(checks, conditions, summaries[which % summaries.length], span);
                });
            }
        }
    }

    private static List<byte[]> realMessages() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                Files.newInputStream(Path.of("examples/real/opensearch-otel.otlp.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> new OtlpJsonReader().toProtobuf(line)).toList();
        }
    }

    @Test
    void randomSpans() {
        RandomTraces traces = new RandomTraces(20261122);
        for (int i = 0; i < SETS; i++) {
            List<SpanTest> conditions = conditions();
            SpanChecks checks = new SpanChecks(conditions);
            TraceSummary summary = new TraceSummary(0, 1);
            for (TestSpan span : traces.trace(20)) {
                check(checks, conditions, summary, span);
            }
        }
    }
}
