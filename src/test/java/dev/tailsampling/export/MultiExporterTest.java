package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.ExportOutcome.Exported;
import dev.tailsampling.selector.ExportOutcome.Refused;
import dev.tailsampling.selector.ExportOutcome.Unknown;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MultiExporterTest {

    /** An exporter that always has the same outcome and remembers what it was given. */
    private static final class Fixed implements TraceExporter {

        private final String name;
        private final ExportOutcome outcome;
        private final List<SampledTrace> received = new ArrayList<>();
        private int flushed;
        private int closed;

        Fixed(String name, ExportOutcome outcome) {
            this.name = name;
            this.outcome = outcome;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            received.addAll(batch);
            return outcome;
        }

        @Override
        public ExportOutcome flush() {
            flushed++;
            return outcome;
        }

        @Override
        public void close() {
            closed++;
            if (outcome instanceof Unknown unknown) {
                throw new IllegalStateException(unknown.reason());
            }
        }
    }

    private static final ExportOutcome DONE = new Exported(0, "");

    private static ExportOutcome outcomeOf(ExportOutcome... outcomes) {
        List<TraceExporter> exporters = new ArrayList<>();
        Arrays.stream(outcomes).forEach(outcome -> exporters.add(new Fixed("e" + exporters.size(), outcome)));
        return new MultiExporter(exporters).export(List.of(trace(1, 1)));
    }

    @Nested
    class Contract extends TraceExporterContract {

        private final Fixed first = new Fixed("first", DONE);
        private final Fixed second = new Fixed("second", DONE);
        private final MultiExporter both = new MultiExporter(List.of(first, second));

        @Override
        TraceExporter exporter() {
            return both;
        }

        @Override
        List<String> received() {
            assertThat(second.received).isEqualTo(first.received);
            return SampledTraces.spanIds(first.received);
        }
    }

    @Test
    void worstOutcomeWins() {
        assertThat(outcomeOf(DONE, new Unknown("away"), new Refused("no"))).isEqualTo(new Unknown("e1: away"));
        assertThat(outcomeOf(new Refused("no"), new Refused("never"))).isEqualTo(new Refused("e0: no; e1: never"));
        assertThat(outcomeOf(new Unknown("away"), new Unknown("gone"))).isEqualTo(new Unknown("e0: away; e1: gone"));
        assertThat(outcomeOf(DONE, DONE)).isEqualTo(DONE);
    }

    @Test
    void rejectedSpansAreNotCountedTwice() {
        assertThat(outcomeOf(new Exported(2, "old"), new Exported(3, ""), new Exported(1, "new")))
                .isEqualTo(new Exported(3, 1, "e0: old; e2: new"));
    }

    /** The span is refused, and exported all the same. */
    @Test
    void whatOneTookIsNotLostThoughOthersRefuse() {
        assertThat(outcomeOf(new Refused("no"), DONE, new Refused("never")))
                .isEqualTo(new Exported(1, 0, "e0: no; e2: never"));
    }

    @Test
    void everyExporterIsAskedAfterAFailure() {
        Fixed away = new Fixed("away", new Unknown("away"));
        Fixed well = new Fixed("well", DONE);
        MultiExporter both = new MultiExporter(List.of(away, well));

        both.export(List.of(trace(1, 1)));
        assertThat(both.flush()).isEqualTo(new Unknown("away: away"));

        assertThat(well.received).hasSize(1);
        assertThat(well.flushed).isEqualTo(1);
    }

    @Test
    void closesAllAndThrowsTheFirstFailure() {
        Fixed first = new Fixed("first", new Unknown("one"));
        Fixed second = new Fixed("second", new Unknown("two"));
        Fixed third = new Fixed("third", DONE);

        assertThatThrownBy(() -> new MultiExporter(List.of(first, second, third)).close())
                .isInstanceOf(IllegalStateException.class).hasMessage("one")
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement()
                        .satisfies(other -> assertThat(other).hasMessage("two")));
        assertThat(List.of(first, second, third)).allMatch(exporter -> exporter.closed == 1);
    }

    @Test
    void namesAll() {
        assertThat(new MultiExporter(List.of(new Fixed("file", DONE), new Fixed("otlp_http", DONE))).name())
                .isEqualTo("file+otlp_http");
    }

    @Test
    void needsAnExporter() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MultiExporter(List.of()))
                .withMessage("there is nowhere to export to");
    }
}
