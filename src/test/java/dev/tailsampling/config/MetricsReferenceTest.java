package dev.tailsampling.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.CycleMetric;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/METRICS.md follows from {@link CycleMetric}. */
class MetricsReferenceTest {

    private static final String INTRODUCTION =
            """
                    # Metrics

                    Generated from `dev.tailsampling.selector.CycleMetric` by `MetricsReferenceTest`; do not edit.

                    Each cycle ends in a report of these numbers. Reports of several cycles combine by kind: a *count*
                    is the sum, a *first* is the value of the first cycle (a state before it), a *last* that of the
                    last (a state after it).

                    """;

    private static final String FORCE_RULES =
            """

                    ## Force rules

                    A report also has `force_rule_matches`: for each force rule, by its id, the traces decided in this
                    report that matched it, whichever rule decided. It is a count. Of the traces that rules did decide,
                    `traces_force_sampled` are among `traces_sampled` and `traces_force_dropped` among `traces_dropped`.
                    """;

    /** The identities of {@link dev.tailsampling.selector.CycleReport}; every label in them is checked to exist. */
    private static final String IDENTITIES =
            """

                    ## What adds up

                    In every report, of one cycle or of many:

                    - `traces_completed` = `traces_sampled` + `traces_not_sampled` + `traces_dropped` + `traces_late`
                    - `spans_open_before` + `spans_read` = `spans_sampled` + `spans_not_sampled` + `spans_dropped`
                      + `spans_late` + `spans_open_after`
                    - `spans_from_memory` + `spans_fetched` = `spans_exported` + `spans_refused`
                      + `spans_unconfirmed`
                    """;

    @Test
    void referenceNamesEveryMetric() throws IOException {
        new GoldenFile("docs/METRICS.md").assertIs(INTRODUCTION
                + "| Metric | Kind | Unit | Meaning |\n|---|---|---|---|\n"
                + Stream.of(CycleMetric.values()).map(MetricsReferenceTest::row).collect(joining()) + FORCE_RULES
                + IDENTITIES);
    }

    private static String row(CycleMetric metric) {
        return "| `%s` | %s | %s | %s. |\n".formatted(metric.label(), metric.kind().name().toLowerCase(Locale.ROOT),
                metric.unit(), metric.description());
    }

    @Test
    void identitiesNameKnownMetrics() {
        assertThat(Stream.of(CycleMetric.values()).map(CycleMetric::label))
                .containsAll(Arrays.stream(IDENTITIES.split("`")).filter(part -> part.matches("[a-z_]{5,}")).toList());
    }
}
