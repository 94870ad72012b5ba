package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.generate.SpanContent.Database;
import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.generate.SpanContent.Shares;
import dev.tailsampling.generate.TraceLoad.Arrivals;
import dev.tailsampling.generate.TraceShape.Pauses;
import dev.tailsampling.generate.TraceShape.Tail;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TraceLoadTest {

    private static final Quantiles ONE = Quantiles.from(1);

    @Test
    void aLoadStartsWith2025AtAHundredTracesASecond() {
        TraceLoad load = new TraceLoad(1, Profile.small(), 12_000);

        assertThat(load.arrivals()).isEqualTo(new Arrivals(Instant.parse("2025-01-01T00:00:00Z"), 100));
        assertThat(load.length()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void impossibleLoadsAreRefused() {
        refused(() -> new TraceLoad(1, Profile.small(), -1), "the number of traces must not be negative: -1");
        refused(() -> new TraceLoad(1, Profile.small(), 1L << 40),
                "a load lasts at most 20 years: 1099511627776 traces at 100.0 a second");
        refused(() -> new Arrivals(Instant.parse("1969-12-31T23:59:59Z"), 1),
                "a load starts between 1970 and 2200, not at 1969-12-31T23:59:59Z");
        refused(() -> new Arrivals(Instant.EPOCH, 0),
                "the rate lies between 0 (exclusive) and 1000000 traces a second: 0.0");
    }

    @Test
    void impossibleShapesAreRefused() {
        refused(() -> new Tail(2, 10), "the share of traces in the tail lies between 0 and 1: 2.0");
        refused(() -> new Tail(0.5, 0), "a trace has at least one span, not 0");
        refused(() -> new Pauses(0.5, 1, ONE), "a trace that pauses has at least 2 bursts, not 1");
        refused(() -> new TraceShape(Quantiles.from(0.5), Tail.NONE, ONE, Pauses.NONE),
                "a trace has from 1 to 2147483647 spans: Quantiles[points=[Point[share=0.0, value=0.5]]]");
    }

    @Test
    void impossibleContentsAreRefused() {
        refused(() -> new Shares(-0.1, 0, 0), "the share of traces with errors lies between 0 and 1: -0.1");
        refused(() -> new Database(0.1, 0), "a run has at least one statement, not 0");
        refused(() -> new SpanContent(29, Detail.LEAN, new Database(0, 1), new Shares(0, 0, 0)),
                "there are from 1 to 28 services, not 29");
    }

    @Test
    void impossibleDeliveriesAreRefused() {
        refused(() -> Delivery.EXACT.withBatchSpans(0), "a batch has at least one span, not 0");
        refused(() -> Delivery.EXACT.withDuplicates(1.5), "the share of duplicate messages lies between 0 and 1: 1.5");
        refused(() -> Delivery.EXACT.withLate(0.5, Duration.ofSeconds(-1)), "late spans cannot come early: PT-1S");
    }

    private static void refused(ThrowingCallable made, String message) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
