package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.generate.SentTraces.SentSpan;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroundTruthTest {

    /** Every profile with many late and duplicate spans and both special traces. */
    static List<Profile> profiles() {
        Delivery unreliable =
                Delivery.EXACT.withBatchSpans(50).withLate(0.3, Duration.ofMinutes(2)).withDuplicates(0.2);
        return Profile.all().stream().map(profile -> profile.with(unreliable).withGiant(777)
                .withMarathon(Duration.ofHours(2), Duration.ofMinutes(20))).toList();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theTruthIsWhatIsInTheBytes(Profile profile) {
        GroundTruth truth = new GroundTruth();
        SentTraces sent = SentTraces.of(new TraceGenerator(new TraceLoad(5, profile, 30), truth));

        Map<ByteString, List<SentSpan>> traces = sent.byTrace();
        assertThat(truth.traces()).hasSameSizeAs(traces).allSatisfy((id, trace) -> {
            assertThat(trace).as("trace %s", id).isEqualTo(recount(traces.get(ByteString.fromHex(id.hex()))));
        });
    }

    @Test
    void aTraceWithAFailedSpanIsAnError() {
        assertThat(new GroundTruth.Trace(3, 3, 1, 2, 1).isError()).isTrue();
        assertThat(new GroundTruth.Trace(3, 3, 1, 2, 0).isError()).isFalse();
    }

    private static GroundTruth.Trace recount(List<SentSpan> sent) {
        List<Span> distinct = sent.stream().map(SentSpan::span).distinct().toList();
        LongStream starts = distinct.stream().mapToLong(Span::getStartTimeUnixNano);
        LongStream ends = distinct.stream().mapToLong(Span::getEndTimeUnixNano);
        long errors =
                distinct.stream().filter(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR).count();
        return new GroundTruth.Trace(distinct.size(), sent.size(), starts.min().orElseThrow(), ends.max().orElseThrow(),
                (int) errors);
    }
}
