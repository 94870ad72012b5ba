package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailsampling.generate.SentTraces.SentSpan;
import dev.tailsampling.generate.SpanContent.Database;
import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.generate.SpanContent.Shares;
import dev.tailsampling.trace.Randomness;
import dev.tailsampling.trace.TraceState;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ProfileTest {

    private static final long SEED = 11;

    @Test
    void profilesAreFoundByName() {
        assertThat(Profile.all()).extracting(Profile::name)
                .containsExactly("mixed", "small", "sql", "long", "attributes", "wide")
                .allSatisfy(name -> assertThat(Profile.named(name).name()).isEqualTo(name));
        assertThatThrownBy(() -> Profile.named("large")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no profile \"large\"; there are [mixed, small, sql, long, attributes, wide]");
    }

    @Test
    void mixedFollowsTheRealTraces() {
        List<List<SentSpan>> traces = traces(Profile.mixed().with(Delivery.EXACT), 2_000);

        List<Integer> spans = traces.stream().map(List::size).sorted().toList();
        assertThat(spans.get(1_000)).isCloseTo(76, within(6));
        assertThat(spans.get(1_800)).isCloseTo(170, within(5));
        assertThat(spans.getLast()).isGreaterThan(200);
        List<Long> millis = traces.stream().map(ProfileTest::durationMillis).sorted().toList();
        assertThat(millis.get(1_000)).isCloseTo(203, within(20L));
        assertThat(millis.get(1_800)).isCloseTo(2_088, within(200L));
        assertThat(share(traces, ProfileTest::hasError)).isCloseTo(0.2, within(0.03));
    }

    @Test
    void sharesOfIdsAndTraceStatesAreKept() {
        List<List<SentSpan>> traces = traces(Profile.small().with(new SpanContent(5, Detail.LEAN, new Database(0.3, 2),
                new Shares(0, 0.02, 0.01))), 5_000);

        assertThat(share(traces, trace -> trace.getFirst().span().getTraceId().substring(0, 8).toStringUtf8()
                .equals("\0".repeat(8)))).isCloseTo(0.02, within(0.01));
        assertThat(share(traces, trace -> hasRandomness(trace.getFirst()))).isCloseTo(0.01, within(0.006));
        assertThat(traces)
                .allMatch(trace -> trace.stream().map(sent -> sent.span().getTraceState()).distinct().count() == 1);
    }

    @Test
    void anErrorIsOnAFewSpansOfATrace() {
        Profile failing = Profile.mixed().with(Profile.mixed().content().withErrors(1)).with(Delivery.EXACT);

        assertThat(traces(failing, 200)).allSatisfy(trace -> {
            List<Span> errors = trace.stream().map(SentSpan::span).filter(ProfileTest::isError).toList();
            assertThat(errors).hasSizeBetween(1, 2).allSatisfy(span -> {
                assertThat(span.getStatus().getMessage()).isNotEmpty();
                assertThat(span.getAttributesList()).extracting(attribute -> attribute.getKey())
                        .contains("error.message");
            });
        });
    }

    @Test
    void lateSpansComeAfterTheRest() {
        Duration delay = Duration.ofMinutes(3);
        Profile late = Profile.mixed().with(Delivery.EXACT.withLate(1, delay));

        traces(late, 200).stream().filter(trace -> trace.size() > 1).forEach(trace -> {
            long rootEndMillis = trace.stream().filter(SentSpan::isRoot).findFirst().orElseThrow()
                    .span().getEndTimeUnixNano() / 1_000_000;
            long lateSpans = trace.stream().filter(sent -> sent.sentMillis() > rootEndMillis + 1_002).count();
            assertThat(lateSpans).isBetween(1L, 1 + trace.size() / 10L);
            assertThat(trace.getLast().sentMillis() - rootEndMillis).isBetween(180_000L, 361_002L);
        });
    }

    @Test
    void ordinaryLateSpansComeMoreThanTwoMinutesLate() {
        List<List<SentSpan>> traces = traces(Profile.small().with(Profile.mixed().delivery()), 5_000).stream()
                .filter(trace -> trace.size() > 1).toList();

        assertThat(share(traces, trace -> trace.stream().anyMatch(ProfileTest::isMoreThanTwoMinutesLate)))
                .isCloseTo(0.01, within(0.005));
    }

    @Test
    void duplicatesAreWholeMessagesSentAgainLater() {
        Profile twice = Profile.small().with(Delivery.EXACT.withDuplicates(1).withBatchSpans(10));

        assertThat(SentTraces.of(new TraceLoad(SEED, twice, 50)).byTrace().values()).allSatisfy(trace -> {
            assertThat(trace.stream().map(SentSpan::span).distinct()).hasSize(trace.size() / 2);
        });
    }

    @Test
    void theShareOfDuplicateMessagesIsKept() {
        Profile some = Profile.small().with(Delivery.EXACT.withDuplicates(0.05).withBatchSpans(5));
        List<SentSpan> spans = SentTraces.of(new TraceLoad(SEED, some, 5_000)).spans();

        assertThat(spans.size() / (double) spans.stream().map(SentSpan::span).distinct().count() - 1)
                .isCloseTo(0.05, within(0.01));
    }

    @Test
    void sqlIsMostlyStatementsWithDifferentLiterals() {
        List<SentSpan> spans = SentTraces.of(new TraceLoad(SEED, Profile.sql(), 200)).spans();
        List<SentSpan> statements = spans.stream().filter(sent -> sent.has("db.statement")).toList();

        assertThat(statements.size() / (double) spans.size()).isGreaterThan(0.7);
        assertThat(statements).allMatch(sent -> sent.has("db.system"))
                .allMatch(sent -> sent.span().getKind() == Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(statements.stream().map(ProfileTest::statement).distinct().count())
                .isGreaterThan(statements.size() * 9L / 10);
        assertThat(statements.stream().map(sent -> sent.span().getName()).distinct().count()).isLessThan(50);
    }

    @Test
    void longTracesPauseUpToFiftyMinutes() {
        List<List<SentSpan>> traces = traces(Profile.longLasting().with(Delivery.EXACT), 300);

        List<Long> silences = traces.stream().map(ProfileTest::longestSilenceMillis).sorted().toList();
        assertThat(silences.getFirst()).isGreaterThan(Duration.ofSeconds(59).toMillis());
        assertThat(silences.getLast()).isBetween(Duration.ofMinutes(48).toMillis(), Duration.ofMinutes(51).toMillis());
        assertThat(traces.stream().mapToLong(ProfileTest::durationMillis).max().orElseThrow())
                .isGreaterThan(Duration.ofHours(2).toMillis());
    }

    @Test
    void spansOfTheAttributesProfileTakeAKilobyte() {
        List<SentSpan> spans = SentTraces.of(new TraceLoad(SEED, Profile.attributes(), 100)).spans();

        assertThat(spans).extracting(sent -> sent.span().getAttributesCount())
                .allMatch(count -> count >= 8 && count <= 11);
        assertThat(spans.stream().mapToInt(sent -> sent.span().getSerializedSize()).average().orElseThrow())
                .isBetween(900.0, 1_100.0);
    }

    @Test
    void wideTracesReachTheirTailAndNoFurther() {
        Profile wide = Profile.wide().with(Profile.wide().shape().withTail(new TraceShape.Tail(0.5, 5_000)));

        List<Integer> spans = traces(wide.with(Delivery.EXACT), 20).stream().map(List::size).sorted().toList();
        assertThat(spans.getLast()).isEqualTo(5_000);
        assertThat(spans.get(5)).isLessThan(2_000);
    }

    private static List<List<SentSpan>> traces(Profile profile, long count) {
        return List.copyOf(SentTraces.of(new TraceLoad(SEED, profile, count)).byTrace().values());
    }

    private static double share(List<List<SentSpan>> traces, Predicate<List<SentSpan>> condition) {
        return traces.stream().filter(condition).count() / (double) traces.size();
    }

    private static boolean hasError(List<SentSpan> trace) {
        return trace.stream().anyMatch(sent -> isError(sent.span()));
    }

    private static boolean isError(Span span) {
        return span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR;
    }

    private static boolean hasRandomness(SentSpan sent) {
        return TraceState.otel(sent.span().getTraceState()).randomness() != Randomness.NONE;
    }

    private static boolean isMoreThanTwoMinutesLate(SentSpan sent) {
        return sent.sentMillis() - sent.span().getEndTimeUnixNano() / 1_000_000 > 120_000;
    }

    private static String statement(SentSpan sent) {
        return sent.span().getAttributesList().stream().filter(attribute -> attribute.getKey().equals("db.statement"))
                .findFirst().orElseThrow().getValue().getStringValue();
    }

    private static long durationMillis(List<SentSpan> trace) {
        long start = trace.stream().mapToLong(sent -> sent.span().getStartTimeUnixNano()).min().orElseThrow();
        long end = trace.stream().mapToLong(sent -> sent.span().getEndTimeUnixNano()).max().orElseThrow();
        return (end - start) / 1_000_000;
    }

    private static long longestSilenceMillis(List<SentSpan> trace) {
        long longest = 0;
        for (int i = 1; i < trace.size(); i++) {
            longest = Math.max(longest, trace.get(i).sentMillis() - trace.get(i - 1).sentMillis());
        }
        return longest;
    }
}
