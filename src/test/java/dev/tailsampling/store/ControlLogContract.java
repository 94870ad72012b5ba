package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every control log must do. */
abstract class ControlLogContract {

    private static final String SOURCE = "otel.spans";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** The log under test, empty at first and the same for one test. */
    abstract ControlLog log();

    /** The reports kept of a source, oldest first, as far as their metrics are not 0. */
    abstract List<CycleReport> reports(String source);

    @Test
    void knowsNothingOfANewSource() {
        assertThat(log().confirmedExports(SOURCE, List.of(1L, 2L))).isEmpty();
        assertThat(log().deadLetterCount(SOURCE)).isZero();
        assertThat(reports(SOURCE)).isEmpty();
    }

    @Test
    void confirmedExportsAreThoseAmongTheCyclesAskedFor() {
        log().confirmExport(SOURCE, 1);
        log().confirmExport(SOURCE, 3);
        log().confirmExport(SOURCE, 4);

        assertThat(log().confirmedExports(SOURCE, List.of(4L, 1L, 2L, 1L))).containsExactlyInAnyOrder(1L, 4L);
        assertThat(log().confirmedExports(SOURCE, List.of())).isEmpty();
    }

    @Test
    void confirmingTwiceChangesNothing() {
        log().confirmExport(SOURCE, 1);
        log().confirmExport(SOURCE, 1);

        assertThat(log().confirmedExports(SOURCE, List.of(1L))).containsExactly(1L);
    }

    @Test
    void confirmedExportsKeepSourcesApart() {
        log().confirmExport(SOURCE, 1);
        log().confirmExport("otel.other", 2);

        assertThat(log().confirmedExports(SOURCE, List.of(1L, 2L))).containsExactly(1L);
        assertThat(log().confirmedExports("otel.other", List.of(1L, 2L))).containsExactly(2L);
    }

    @Test
    void confirmedExportsOfManyCycles() {
        log().confirmExport(SOURCE, 1_234);

        assertThat(log().confirmedExports(SOURCE, LongStream.range(0, 2_000).boxed().toList()))
                .containsExactly(1_234L);
    }

    @Test
    void keepsReportsEvenOfTheSameInstant() {
        CycleReport first = new CycleReport(Map.of(CycleMetric.CYCLES, 1L, CycleMetric.SPANS_READ, 5_000_000_000L));
        CycleReport second = new CycleReport(Map.of(CycleMetric.CYCLES, 1L, CycleMetric.TRACES_OPEN, 2L),
                Map.of("rule-1", 3L, "rule-2", 4L));
        log().addReport(SOURCE, NOON, first);
        log().addReport(SOURCE, NOON, second);
        log().addReport("otel.other", NOON, CycleReport.NONE);

        assertThat(reports(SOURCE)).containsExactly(first, second);
        assertThat(reports("otel.other")).containsExactly(CycleReport.NONE);
    }

    @Test
    void forgetsReportsFromBeforeATime() {
        CycleReport old = new CycleReport(Map.of(CycleMetric.CYCLES, 1L));
        CycleReport young = new CycleReport(Map.of(CycleMetric.CYCLES, 2L));
        log().addReport(SOURCE, NOON.minusMillis(1), old);
        log().addReport(SOURCE, NOON, young);

        assertThat(log().forgetReportsOlderThan(NOON)).isEqualTo(1);

        assertThat(reports(SOURCE)).containsExactly(young);
    }

    @Test
    void forgetsConfirmationsOfCyclesBefore() {
        log().confirmExport(SOURCE, 1);
        log().confirmExport(SOURCE, 2);
        log().confirmExport("otel.other", 1);

        log().forgetConfirmedExports(SOURCE, 2);
        log().forgetConfirmedExports("unknown", 2);

        assertThat(log().confirmedExports(SOURCE, List.of(1L, 2L))).containsExactly(2L);
        assertThat(log().confirmedExports("otel.other", List.of(1L))).containsExactly(1L);
    }

    @Test
    void keepsADeadLetterOnce() {
        log().addDeadLetters(SOURCE, Map.of(row(0, 17), "not OTLP protobuf"));
        // Read again later, from another file after a compaction.
        log().addDeadLetters(SOURCE, Map.of(new SourceRow(0, 17, 1_000, 9), "still not OTLP protobuf",
                row(0, 18), "new"));

        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(2);
    }

    @Test
    void keepsADeadLetterOnceThatComesTwiceAtOnce() {
        log().addDeadLetters(SOURCE, Map.of(row(0, 17), "in one file", new SourceRow(0, 17, 1_000, 9), "in another"));
        log().addDeadLetters(SOURCE, Map.of());

        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(1);
    }

    @Test
    void countsDeadLettersOfEachPartitionOffsetAndSource() {
        log().addDeadLetters(SOURCE, Map.of(row(0, 17), "it's not OTLP; \"really\"", row(0, 18), "",
                new SourceRow(1, 17, -1, 3), "x".repeat(10_000)));
        log().addDeadLetters("otel.other", Map.of(row(0, 17), "not \0 OTLP"));

        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(3);
        assertThat(log().deadLetterCount("otel.other")).isEqualTo(1);
    }

    @Test
    void countsAllDeadLettersButKeepsTheNewest() {
        int letters = ControlLog.DEAD_LETTERS_KEPT + 1_500;
        for (int from = 0; from < letters; from += 500) {
            Map<SourceRow, String> some = new LinkedHashMap<>();
            LongStream.range(from, from + 500).forEach(offset -> some.put(row(0, offset), "poison"));
            log().addDeadLetters(SOURCE, some);
        }
        // The first ones are known no more, the last ones are.
        log().addDeadLetters(SOURCE, Map.of(row(0, letters - 1L), "poison"));
        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(letters);
        log().addDeadLetters(SOURCE, Map.of(row(0, 0), "poison"));
        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(letters + 1L);
        // That was one more, so the oldest of the kept ones had to go, and only that one.
        log().addDeadLetters(SOURCE, Map.of(row(0, 1_501), "poison", row(0, 1_502), "poison"));
        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(letters + 1L);
        log().addDeadLetters(SOURCE, Map.of(row(0, 1_500), "poison"));
        assertThat(log().deadLetterCount(SOURCE)).isEqualTo(letters + 2L);
    }

    private static SourceRow row(int partition, long offset) {
        return new SourceRow(partition, offset, 1_000, 3);
    }

    @Test
    void listsEachDamagedFileOnce() {
        log().addUnreadableFile(SOURCE, "s3://lake/b.parquet", "its footer is damaged");
        log().addUnreadableFile(SOURCE, "s3://lake/a.parquet", "");
        log().addUnreadableFile(SOURCE, "s3://lake/b.parquet", "its footer is still damaged");
        log().addUnreadableFile("otel.other", "s3://lake/c.parquet", "its footer is damaged");

        assertThat(log().unreadableFiles(SOURCE)).containsExactly("s3://lake/a.parquet", "s3://lake/b.parquet");
        assertThat(log().unreadableFiles("unknown")).isEmpty();
    }

    @Test
    void findsThePolicySetOfAVersion() {
        log().addPolicySet("0123456789ab", "errors=status_code in [ERROR]\n — Größe \uD83D\uDE80");
        log().addPolicySet("ba9876543210", "all=always_sample");

        assertThat(log().policySet("0123456789ab"))
                .contains("errors=status_code in [ERROR]\n — Größe \uD83D\uDE80");
        assertThat(log().policySet("unknown")).isEmpty();
    }

    @Test
    void addingAPolicySetTwiceChangesNothing() {
        log().addPolicySet("0123456789ab", "all=always_sample");
        log().addPolicySet("0123456789ab", "all=always_sample");

        assertThat(log().policySet("0123456789ab")).contains("all=always_sample");
    }

    @Test
    void findsTheLimitsOfTheLastTwoCycles() {
        log().keepLimits(SOURCE, 7, "seven");
        log().keepLimits(SOURCE, 8, "a crash came before the cycle was recorded");
        log().keepLimits(SOURCE, 8, "eight");
        log().keepLimits("otel.other", 1, "one");

        assertThat(log().limits(SOURCE, 7)).contains("seven");
        assertThat(log().limits(SOURCE, 8)).contains("eight");
        log().keepLimits(SOURCE, 9, "nine");
        assertThat(log().limits(SOURCE, 7)).isEmpty();
        assertThat(log().limits(SOURCE, 8)).contains("eight");
        assertThat(log().limits("otel.other", 1)).contains("one");
        assertThat(log().limits("unknown", 1)).isEmpty();
    }
}
