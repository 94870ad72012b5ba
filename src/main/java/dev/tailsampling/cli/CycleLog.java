package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.TraceSelector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs cycles: each is one line, but one that found nothing to do is none. An unconfirmed export makes it a warning. */
final class CycleLog {

    private static final Logger LOG = LoggerFactory.getLogger(CycleLog.class);

    /** The numbers worth a place in each line. */
    private static final List<CycleMetric> NUMBERS = List.of(CycleMetric.READ_MILLIS, CycleMetric.DECIDE_MILLIS,
            CycleMetric.EXPORT_MILLIS, CycleMetric.BYTES_READ, CycleMetric.BYTES_FROM_STORAGE, CycleMetric.ROWS_READ,
            CycleMetric.ROWS_UNDECODABLE, CycleMetric.FILES_UNREADABLE, CycleMetric.ROWS_PENDING,
            CycleMetric.SPANS_READ, CycleMetric.SPANS_SAMPLED, CycleMetric.SPANS_NOT_SAMPLED,
            CycleMetric.SPANS_DROPPED, CycleMetric.SPANS_LATE, CycleMetric.TRACES_OPENED, CycleMetric.TRACES_SAMPLED,
            CycleMetric.TRACES_NOT_SAMPLED, CycleMetric.TRACES_DROPPED, CycleMetric.TRACES_LATE,
            CycleMetric.TRACES_OPEN, CycleMetric.SPANS_EXPORTED, CycleMetric.SPANS_REFUSED,
            CycleMetric.SPANS_UNCONFIRMED, CycleMetric.EXPORTS_UNCONFIRMED);

    private CycleLog() {}

    static void add(SelectorRun run, CycleReport report) {
        boolean unconfirmed = report.get(CycleMetric.EXPORTS_UNCONFIRMED) > 0;
        if (!unconfirmed && report.get(CycleMetric.ROWS_READ) == 0 && report.get(CycleMetric.TRACES_COMPLETED) == 0) {
            return;
        }
        TraceSelector selector = run.selector();
        LoggingEventBuilder line = LOG.atLevel(unconfirmed ? Level.WARN : Level.INFO)
                .setMessage(unconfirmed ? "cycle with an export that will be tried again" : "cycle")
                .addKeyValue("table", run.source()).addKeyValue("cycle", selector.cycleNumber())
                .addKeyValue("policy_set", run.policySet());
        Optional<Instant> tableTime = selector.tableTime();
        if (tableTime.isPresent()) {
            line = line.addKeyValue("table_time", tableTime.get());
        }
        for (CycleMetric metric : NUMBERS) {
            line = line.addKeyValue(metric.label(), report.get(metric));
        }
        Optional<String> problem = selector.exportProblem();
        if (problem.isPresent() && (unconfirmed || report.get(CycleMetric.SPANS_REFUSED) > 0)) {
            line = line.addKeyValue("export_problem", problem.get());
        }
        line.log();
    }
}
