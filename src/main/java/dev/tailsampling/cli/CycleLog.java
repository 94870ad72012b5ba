package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs cycles: each is one line, but one that found nothing to do is none. */
final class CycleLog {

    private static final Logger LOG = LoggerFactory.getLogger(CycleLog.class);

    private CycleLog() {}

    static void add(Session session, CycleReport report) {
        session.selector().exportProblem().filter(problem -> report.get(CycleMetric.EXPORTS_UNCONFIRMED) > 0)
                .ifPresent(problem -> LOG.warn("an export of {} is not confirmed, it will be tried again: {}",
                        session.source(), problem));
        if (report.get(CycleMetric.ROWS_READ) == 0 && report.get(CycleMetric.TRACES_COMPLETED) == 0) {
            return;
        }
        LOG.atInfo().setMessage("cycle").addKeyValue("table", session.source())
                .addKeyValue("policy_set", session.policySet())
                .addKeyValue("rows_undecodable", report.get(CycleMetric.ROWS_UNDECODABLE))
                .addKeyValue("spans_read", report.get(CycleMetric.SPANS_READ))
                .addKeyValue("traces_sampled", report.get(CycleMetric.TRACES_SAMPLED))
                .addKeyValue("traces_not_sampled", report.get(CycleMetric.TRACES_NOT_SAMPLED))
                .addKeyValue("traces_dropped", report.get(CycleMetric.TRACES_DROPPED))
                .addKeyValue("traces_late", report.get(CycleMetric.TRACES_LATE))
                .addKeyValue("traces_open", report.get(CycleMetric.TRACES_OPEN))
                .addKeyValue("spans_exported", report.get(CycleMetric.SPANS_EXPORTED))
                .addKeyValue("exports_unconfirmed", report.get(CycleMetric.EXPORTS_UNCONFIRMED)).log();
    }
}
