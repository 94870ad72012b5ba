package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SharedExporterTest {

    private final List<ScriptedDestination> opened = new ArrayList<>();
    private final SharedExporter shared = new SharedExporter(() -> {
        opened.add(new ScriptedDestination("shared"));
        return opened.getLast();
    });

    @Nested
    class Contract extends TraceExporterContract {

        private final TraceExporter use = shared.use();

        @Override
        TraceExporter exporter() {
            return use;
        }

        @Override
        List<String> received() {
            return SampledTraces.spanIds(opened.getFirst().received());
        }
    }

    @Test
    void isOpenedForTheFirstAndClosedAfterTheLast() {
        assertThat(opened).isEmpty();
        TraceExporter one = shared.use();
        TraceExporter two = shared.use();
        one.export(List.of(trace(1, 1)));
        one.close();
        one.close();
        two.export(List.of(trace(2, 1)));
        assertThat(opened).singleElement().satisfies(exporter -> {
            assertThat(exporter.received()).hasSize(2);
            assertThat(exporter.calls()).doesNotContain("close");
        });

        two.close();
        assertThat(opened.getFirst().calls()).endsWith("close");

        shared.use().export(List.of(trace(3, 1)));
        assertThat(opened).hasSize(2);
    }
}
