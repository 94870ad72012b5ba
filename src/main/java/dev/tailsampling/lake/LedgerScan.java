package dev.tailsampling.lake;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionFilter.ArrivalRange;
import dev.tailsampling.selector.DecisionRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Reads the ledger's rows that a filter selects: files and row groups are skipped by it, and each row is tested. */
final class LedgerScan {

    private static final Comparator<FileScanTask> AS_COMMITTED =
            Comparator.comparing((FileScanTask task) -> task.file().dataSequenceNumber())
                    .thenComparing(task -> task.file().location());

    private final Table table;
    private final Expression filter;

    LedgerScan(Table table, DecisionFilter filter) {
        this.table = table;
        this.filter = Expressions.and(expression(filter), takenBy(filter, table.schema()));
    }

    private static Expression expression(DecisionFilter filter) {
        Expression all = Expressions.and(
                Expressions.greaterThanOrEqual(LedgerSchema.CYCLE, filter.fromCycleInclusive()),
                Expressions.lessThanOrEqual(LedgerSchema.CYCLE, filter.toCycleInclusive()));
        if (filter.source() != null) {
            all = Expressions.and(all, Expressions.equal(LedgerSchema.SOURCE_TABLE, filter.source()));
        }
        if (filter.traceId() != null) {
            all = Expressions.and(all, Expressions.equal(LedgerSchema.TRACE_ID, filter.traceId().hex()));
        }
        if (filter.outcome() != null) {
            all = Expressions.and(all, Expressions.equal(LedgerSchema.OUTCOME, filter.outcome().name()));
        }
        if (filter.policy() != null) {
            all = Expressions.and(all, Expressions.equal(LedgerSchema.POLICY, filter.policy()));
        }
        if (filter.runId() != null) {
            all = Expressions.and(all, Expressions.equal(LedgerSchema.RUN_ID, filter.runId()));
        }
        ArrivalRange firstArrival = filter.firstArrival();
        if (firstArrival != null) {
            all = Expressions.and(all,
                    Expressions.greaterThanOrEqual(LedgerSchema.FIRST_ARRIVAL,
                            micros(firstArrival.fromMillisInclusive())),
                    Expressions.lessThanOrEqual(LedgerSchema.FIRST_ARRIVAL,
                            micros(firstArrival.toMillisInclusive())));
        }
        Instant decidedFrom = filter.decidedFromInclusive();
        if (decidedFrom != null) {
            all = Expressions.and(all, Expressions.greaterThanOrEqual(LedgerSchema.DECIDED_AT,
                    ChronoUnit.MICROS.between(Instant.EPOCH, decidedFrom)));
        }
        return filter.lateSpans() == DecisionFilter.LateSpans.INCLUDE
                ? all
                : Expressions.and(all, Expressions.notEqual(LedgerSchema.COMPLETION_REASON,
                        CompletionReason.LATE_SPANS.name()));
    }

    /** A ledger in which nothing was written since there are backfills has none. */
    private static Expression takenBy(DecisionFilter filter, Schema schema) {
        boolean knowsBackfills = schema.findField(LedgerSchema.BACKFILL_MODE) != null;
        return switch (filter.takenBy()) {
            case ANYBODY -> Expressions.alwaysTrue();
            case SCANNER -> knowsBackfills
                    ? Expressions.isNull(LedgerSchema.BACKFILL_MODE)
                    : Expressions.alwaysTrue();
            case BACKFILL -> knowsBackfills
                    ? Expressions.notNull(LedgerSchema.BACKFILL_MODE)
                    : Expressions.alwaysFalse();
        };
    }

    private static long micros(long millis) {
        return TimeUnit.MILLISECONDS.toMicros(millis);
    }

    void forEach(Consumer<DecisionRecord> action) {
        Evaluator evaluator = new Evaluator(table.schema().asStruct(), filter);
        try {
            tasks().forEach(task -> forEach(task, evaluator, action));
        } finally {
            // REST catalogs close a table's FileIO when nobody holds the table any more.
            Reference.reachabilityFence(table);
        }
    }

    private void forEach(FileScanTask task, Evaluator evaluator, Consumer<DecisionRecord> action) {
        InternalRecordWrapper internal = new InternalRecordWrapper(table.schema().asStruct());
        try (CloseableIterable<Record> rows = LedgerFile.rows(table, task.file(), task.residual())) {
            for (Record row : rows) {
                if (evaluator.eval(internal.wrap(row))) {
                    action.accept(LedgerRow.decision(row));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("closing ledger file " + task.file().location() + " failed", e);
        }
    }

    private List<FileScanTask> tasks() {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> planned = table.newScan().filter(filter).planFiles()) {
            planned.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the scan of " + table.name() + " failed", e);
        }
        tasks.sort(AS_COMMITTED);
        return tasks;
    }
}
