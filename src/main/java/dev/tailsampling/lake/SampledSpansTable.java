package dev.tailsampling.lake;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kept spans as an Iceberg table, a row for each, in the columns of the Collector's ClickHouse exporter and a few on the
 * sampling; partitioned by the day of their start, sorted by trace id within each file. The table is created when it is
 * first needed.
 *
 * <p>What comes between {@link #begin} and {@link #flush} is one append, whose snapshot carries the group's name as
 * {@value #GROUP}. A group that the table's history has already is not appended again, so each group is there exactly once:
 * as long as its snapshot is kept, which is for a day, but not longer than about a mebibyte of snapshot summaries reaches
 * back (2,000 commits or more). Spans without a group may be there twice after a crash. Nothing is visible before the flush.
 *
 * <p>Not thread-safe; several of these, in one process or several, may write to one table.
 */
public final class SampledSpansTable implements TraceExporter {

    private static final Logger LOG = LoggerFactory.getLogger(SampledSpansTable.class);
    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final int COMMITS_PER_HOUSEKEEPING = 50;
    private static final LedgerRetention RETENTION =
            new LedgerRetention(Duration.ofDays(1), 5_000, 1L << 20, Duration.ZERO);

    /** Key in the summary of a snapshot: the name of the group that it appended. */
    static final String GROUP = "tss.export-group";

    /** What has become of the spans since the last group began. */
    private sealed interface State {

        /** None has come. */
        record Empty() implements State {}

        /** They are written to files that belong to nobody yet. */
        record Pending(Group group, PendingSpans spans) implements State {}

        /** The table has them already. */
        record There() implements State {}

        /** Some are lost here; they come again. */
        record Failed(ExportOutcome.Unknown outcome) implements State {}
    }

    private final LakeCatalog catalog;
    private final TableName name;
    private final long targetFileBytes;
    private final LedgerRetention retention;
    private @Nullable String named;
    private State state = new State.Empty();
    private long commits;

    /**
     * Connects to nothing yet.
     *
     * @param namespace of the table, unless its name has one
     * @param table "table" or "namespace.table"
     * @param targetFileBytes spans of about so many bytes, as OTLP, make a file; so many are held in memory. At least 1
     */
    public SampledSpansTable(LakeCatalog catalog, String namespace, String table, long targetFileBytes) {
        this(catalog, namespace, table, targetFileBytes, RETENTION);
    }

    SampledSpansTable(LakeCatalog catalog, String namespace, String table, long targetFileBytes,
            LedgerRetention retention) {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException("a file must have at least one byte: " + targetFileBytes);
        }
        this.catalog = catalog;
        this.name = table.contains(".") ? TableName.of(table) : TableName.in(namespace, table);
        this.targetFileBytes = targetFileBytes;
        this.retention = retention;
    }

    /** Its table, "namespace.table". */
    public String table() {
        return name.text();
    }

    @Override
    public String name() {
        return "iceberg";
    }

    @Override
    public void begin(String group) {
        drop();
        named = group;
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        if (batch.isEmpty()) {
            return DONE;
        }
        return attempt(() -> switch (opened()) {
            case State.Pending pending -> {
                pending.spans.add(batch);
                yield DONE;
            }
            case State.There there -> DONE;
            case State.Failed failed -> failed.outcome;
            case State.Empty empty -> throw new IllegalStateException("it was opened");
        });
    }

    /** A named group that has failed must begin anew; without a name, the next spans are such a beginning. */
    private State opened() {
        if (state instanceof State.Empty || state instanceof State.Failed && named == null) {
            Table table = findOrCreate();
            Group group = new Group(named == null ? UUID.randomUUID().toString() : named);
            state = group.isIn(SnapshotUtil.currentAncestors(table))
                    ? new State.There()
                    : new State.Pending(group, new PendingSpans(table, targetFileBytes));
        }
        return state;
    }

    @Override
    public ExportOutcome flush() {
        ExportOutcome outcome = attempt(() -> switch (state) {
            case State.Pending pending -> {
                commit(pending.group, pending.spans.complete());
                yield DONE;
            }
            case State.Failed failed -> failed.outcome;
            case State.There there -> DONE;
            case State.Empty empty -> DONE;
        });
        if (outcome instanceof ExportOutcome.Exported) {
            state = new State.Empty();
            named = null;
        }
        return outcome;
    }

    private void commit(Group group, List<DataFile> files) {
        new SummaryCommit(this::findOrCreate, group).commit(files);
        if (++commits % COMMITS_PER_HOUSEKEEPING == 0) {
            shorten();
        }
    }

    private void shorten() {
        try {
            retention.apply(findOrCreate());
        } catch (RuntimeException e) {
            LOG.warn("Old snapshots of {} could not be expired; it is tried again later", name, e);
        }
    }

    private Table findOrCreate() {
        Table table = catalog.findOrCreate(name, SampledSpansSchema.SCHEMA, SampledSpansSchema.SPEC,
                SampledSpansSchema.PROPERTIES);
        SampledSpansSchema.requireColumns(name, table);
        SampledSpansSchema.sortByTraceId(table);
        return table;
    }

    private ExportOutcome attempt(Supplier<ExportOutcome> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            RuntimeException failure = catalog.failure(e, "writing to table " + name);
            drop();
            if (!(failure instanceof UncheckedIOException)) {
                throw failure;
            }
            ExportOutcome.Unknown unknown = new ExportOutcome.Unknown(String.valueOf(failure.getMessage()));
            state = new State.Failed(unknown);
            return unknown;
        }
    }

    /** Forgets what was not flushed. */
    private void drop() {
        if (state instanceof State.Pending pending) {
            try {
                pending.spans.abort();
            } catch (RuntimeException e) {
                LOG.warn("Files that were written for {} and are not needed could not be deleted", name, e);
            }
        }
        state = new State.Empty();
    }

    @Override
    public void close() {
        drop();
        named = null;
    }

    /** Spans that are appended together. */
    private record Group(String text) implements SummaryEntry {

        @Override
        public boolean isIn(Iterable<Snapshot> newestFirst) {
            for (Snapshot snapshot : newestFirst) {
                Map<String, String> summary = snapshot.summary();
                if (summary != null && text.equals(summary.get(GROUP))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void write(SnapshotUpdate<?> update) {
            update.set(GROUP, text);
        }

        @Override
        public String description() {
            return "export group " + text;
        }

        @Override
        public String mark() {
            return GROUP + "=" + text;
        }
    }
}
