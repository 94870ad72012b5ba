package dev.tailsampling.generate;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.generate.SentTraces.SentSpan;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceStructureTest {

    private static final long SEED = 7;

    /** Every profile with both special traces, each span sent once. */
    static List<Profile> profiles() {
        return Profile.all().stream()
                .map(profile -> profile.with(profile.delivery().withDuplicates(0)).withGiant(250)
                        .withMarathon(Duration.ofHours(4), Duration.ofMinutes(50)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyTraceHasOneRoot(Profile profile) {
        assertThat(traces(profile)).allSatisfy(trace -> assertThat(trace.stream().filter(SentSpan::isRoot)).hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void idsAreUnique(Profile profile) {
        assertThat(SentTraces.of(new TraceLoad(SEED, profile, 40)).spans()).extracting(sent -> sent.span().getSpanId())
                .allMatch(id -> id.size() == 8).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everySpanRunsWithinTheTimeOfItsParent(Profile profile) {
        for (List<SentSpan> trace : traces(profile)) {
            Map<ByteString, Span> byId = trace.stream().map(SentSpan::span)
                    .collect(toMap(Span::getSpanId, Function.identity()));
            assertThat(trace).filteredOn(sent -> !sent.isRoot()).extracting(SentSpan::span)
                    .allMatch(span -> runsWithin(byId.get(span.getParentSpanId()), span));
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everySpanHasANameAKindAndAttributes(Profile profile) {
        assertThat(SentTraces.of(new TraceLoad(SEED, profile, 20)).spans()).extracting(SentSpan::span)
                .noneMatch(span -> span.getName().isEmpty())
                .allMatch(span -> span.getKindValue() >= 1 && span.getKindValue() <= 5)
                .allMatch(TraceStructureTest::hasDistinctKeys);
    }

    private static boolean runsWithin(@Nullable Span parent, Span span) {
        return parent != null && parent.getStartTimeUnixNano() <= span.getStartTimeUnixNano()
                && span.getStartTimeUnixNano() <= span.getEndTimeUnixNano()
                && span.getEndTimeUnixNano() <= parent.getEndTimeUnixNano();
    }

    private static boolean hasDistinctKeys(Span span) {
        return span.getAttributesCount() > 0 && span.getAttributesList().stream().map(KeyValue::getKey).distinct()
                .count() == span.getAttributesCount();
    }

    private static List<List<SentSpan>> traces(Profile profile) {
        return List.copyOf(SentTraces.of(new TraceLoad(SEED, profile, 40)).byTrace().values());
    }
}
