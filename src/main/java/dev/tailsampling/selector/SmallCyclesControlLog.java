package dev.tailsampling.selector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A control log for a selector with many small cycles: their exports are confirmed by the ledger alone, and their reports
 * are added up elsewhere. Thread-safe.
 *
 * @param log takes everything else
 */
public record SmallCyclesControlLog(ControlLog log) implements ControlLog {

    @Override
    public void confirmExport(String source, long cycle) {
        // The ledger says which cycles are exported.
    }

    @Override
    public List<Long> confirmedExports(String source, Collection<Long> cycles) {
        return List.of();
    }

    @Override
    public void forgetConfirmedExports(String source, long beforeCycle) {
        // There are none.
    }

    @Override
    public void addReport(String source, Instant finishedAt, CycleReport report) {
        // Reports of single cycles would be too many.
    }

    @Override
    public long forgetReportsOlderThan(Instant finishedBefore) {
        return log.forgetReportsOlderThan(finishedBefore);
    }

    @Override
    public void addDeadLetters(String source, Map<SourceRow, String> reasons) {
        log.addDeadLetters(source, reasons);
    }

    @Override
    public long deadLetterCount(String source) {
        return log.deadLetterCount(source);
    }

    @Override
    public void addUnreadableFile(String source, String file, String reason) {
        log.addUnreadableFile(source, file, reason);
    }

    @Override
    public List<String> unreadableFiles(String source) {
        return log.unreadableFiles(source);
    }

    @Override
    public void addPolicySet(String version, String text) {
        log.addPolicySet(version, text);
    }

    @Override
    public Optional<String> policySet(String version) {
        return log.policySet(version);
    }

    @Override
    public void keepLimits(String source, long cycle, String limits) {
        log.keepLimits(source, cycle, limits);
    }

    @Override
    public Optional<String> limits(String source, long cycle) {
        return log.limits(source, cycle);
    }
}
