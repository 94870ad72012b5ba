package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every exporter must do. */
abstract class TraceExporterContract {

    static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    /** The exporter under test, the same for one test. */
    abstract TraceExporter exporter();

    /** Spans at the destination as "trace id/span id", in the order of their arrival. */
    abstract List<String> received();

    /** Whether spans arrive in the order of the batch. */
    boolean keepsOrder() {
        return true;
    }

    private void assertReceived(List<String> expected) {
        if (keepsOrder()) {
            assertThat(received()).containsExactlyElementsOf(expected);
        } else {
            assertThat(received().stream().sorted()).containsExactlyElementsOf(expected.stream().sorted().toList());
        }
    }

    @Test
    void hasAName() {
        assertThat(exporter().name()).matches("[a-z_+]+");
    }

    @Test
    void deliversABatchInItsOrder() {
        List<SampledTrace> batch = List.of(SampledTraces.trace(3, 2), SampledTraces.trace(1, 1),
                SampledTraces.trace(2, 5));

        assertThat(exporter().export(batch)).isEqualTo(DONE);
        assertThat(exporter().flush()).isEqualTo(DONE);

        assertReceived(SampledTraces.spanIds(batch));
    }

    @Test
    void deliversBatchAfterBatch() {
        List<SampledTrace> first = List.of(SampledTraces.trace(1, 1));
        List<SampledTrace> second = List.of(SampledTraces.trace(2, 1), SampledTraces.trace(3, 1));

        assertThat(exporter().export(first)).isEqualTo(DONE);
        assertThat(exporter().export(second)).isEqualTo(DONE);

        assertReceived(SampledTraces.spanIds(List.of(first.get(0), second.get(0), second.get(1))));
    }

    @Test
    void deliversPartsOfOneTrace() {
        SampledTrace part = SampledTraces.trace(1, 2);

        assertThat(exporter().export(List.of(part, part))).isEqualTo(DONE);

        assertThat(received()).hasSize(4);
        assertReceived(SampledTraces.spanIds(List.of(part, part)));
    }

    @Test
    void deliversALargeBatch() {
        List<SampledTrace> batch = IntStream.range(0, 500).mapToObj(i -> SampledTraces.traceOfBytes(i, 2_000)).toList();

        assertThat(exporter().export(batch)).isEqualTo(DONE);

        assertReceived(SampledTraces.spanIds(batch));
    }

    @Test
    void emptyBatchIsDone() {
        assertThat(exporter().export(List.of())).isEqualTo(DONE);
        assertThat(received()).isEmpty();
    }

    @Test
    void flushingBeforeAnythingWasSentIsDone() {
        assertThat(exporter().flush()).isEqualTo(DONE);
    }

    @Test
    void canBeClosedTwice() {
        exporter().export(List.of(SampledTraces.trace(1, 1)));
        exporter().close();
        exporter().close();

        assertThat(received()).hasSize(1);
    }
}
