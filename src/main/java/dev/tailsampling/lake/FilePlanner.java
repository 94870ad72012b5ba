package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Lists the live data files of one pinned snapshot by data sequence number, never by snapshot ancestry: AutoMQ expires
 * snapshots after an hour, and compaction rewrites files without adding rows.
 */
final class FilePlanner {

    /** Of what a manifest tells about a file. */
    private static final List<String> COLUMNS = List.of(DataFile.FILE_PATH.name(), DataFile.FILE_FORMAT.name(),
            DataFile.PARTITION_NAME, DataFile.RECORD_COUNT.name(), DataFile.FILE_SIZE.name(),
            DataFile.LOWER_BOUNDS.name(), DataFile.UPPER_BOUNDS.name(), DataFile.NULL_VALUE_COUNTS.name());

    private final TableName name;
    private final Table table;
    private final FileBounds bounds;
    private final BoundLayout.@Nullable Arrival arrival;
    private final BoundLayout.@Nullable TraceKey traceKey;
    private final Snapshot snapshot;
    private @Nullable CommitHistory history;

    /**
     * Plans over one snapshot.
     *
     * @throws SourceException if the snapshot has delete files, which only upsert and CDC topics have
     */
    FilePlanner(TableName name, Table table, BoundLayout layout, Snapshot snapshot) {
        this.name = name;
        this.table = table;
        this.bounds = new FileBounds(layout);
        this.arrival = layout.row().arrival();
        this.traceKey = layout.traceKey();
        this.snapshot = snapshot;
        for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
            if (manifest.hasAddedFiles() || manifest.hasExistingFiles()) {
                throw new SourceException("table " + name + " has delete files, so its rows are not simply Kafka "
                        + "records: switch off automq.table.topic.upsert.enable and cdc.field for the topic, or rewrite "
                        + "the table without deletes");
            }
        }
    }

    /**
     * The selected files that were committed after a sequence number, in reading order. Manifests that were written
     * before are not opened, so the cost follows the new files and not the table.
     */
    List<PlannedFile> committedAfter(long sequenceNumberExclusive, Predicate<PlannedFile> selected) {
        List<PlannedFile> files = new ArrayList<>();
        files(snapshot, manifest -> isAfter(manifest.sequenceNumber(), sequenceNumberExclusive), file -> true, file -> {
            PlannedFile planned = planned(file);
            if (isAfter(planned.dataSequenceNumber(), sequenceNumberExclusive) && selected.test(planned)) {
                files.add(planned);
            }
        });
        files.sort(PlannedFile.READING_ORDER);
        return files;
    }

    /** All selected files, in reading order. */
    List<PlannedFile> all(Predicate<PlannedFile> selected) {
        return committedAfter(-1, selected);
    }

    /**
     * The selected files that may hold rows which arrived within a time, in reading order. Manifests and files of other
     * partitions are passed over.
     */
    List<PlannedFile> arrivedWithin(PlannedFile.Bounds millis, Predicate<PlannedFile> selected) {
        return arrivedWithin(millis, List.of(), selected).likely();
    }

    /** The same for rows of these traces, if there are any: files that cannot hold them are passed over, too. */
    FilesByKey arrivedWithin(PlannedFile.Bounds millis, List<TraceId> traces, Predicate<PlannedFile> selected) {
        ArrivalPartitions partitions = new ArrivalPartitions(table, arrival, millis);
        TraceKeyFit fit = new TraceKeyFit(table, traceKey, traces);
        FilesByKey files = new FilesByKey(new ArrayList<>(), new ArrayList<>());
        files(snapshot, partitions::mayBeIn, partitions::mayBeIn, file -> {
            PlannedFile planned = planned(file);
            if (planned.timestamps().overlap(millis.min(), millis.max()) && selected.test(planned)) {
                files.add(planned, fit.of(file));
            }
        });
        files.likely().sort(PlannedFile.READING_ORDER);
        files.unlikely().sort(PlannedFile.READING_ORDER);
        return files;
    }

    /**
     * Files that may hold spans of some traces, in reading order each.
     *
     * @param likely those in which they should be
     * @param unlikely those in which they are only if keys or ids are other than is usual
     */
    record FilesByKey(List<PlannedFile> likely, List<PlannedFile> unlikely) {

        private void add(PlannedFile file, TraceKeyFit.Fit fit) {
            switch (fit) {
                case LIKELY -> likely.add(file);
                case UNLIKELY -> unlikely.add(file);
                case IMPOSSIBLE -> {
                }
            }
        }
    }

    /** Format version 1 has no sequence numbers: everything is 0, and may be new as long as nothing later was read. */
    private static boolean isAfter(long sequenceNumber, long exclusive) {
        return sequenceNumber > exclusive || sequenceNumber == 0 && exclusive == 0;
    }

    /** Lists by commits, for tables without Kafka positions. */
    CommitPlanner commits() {
        return new CommitPlanner(name, table, this, snapshot, history());
    }

    /** Whether a file is known to have been appended by this commit or a later one. */
    boolean isAppendedFrom(PlannedFile file, long sequenceNumberInclusive) {
        return file.dataSequenceNumber() >= sequenceNumberInclusive
                && history().isAppend(file.dataSequenceNumber());
    }

    private CommitHistory history() {
        CommitHistory known = history;
        if (known == null) {
            known = new CommitHistory(name, table, snapshot);
            history = known;
        }
        return known;
    }

    /** Visits the selected files in the selected manifests of a snapshot. A file is valid during the call only. */
    void files(Snapshot of, Predicate<ManifestFile> inManifests, Predicate<DataFile> selected,
            Consumer<DataFile> visitor) {
        for (ManifestFile manifest : of.dataManifests(table.io())) {
            if (inManifests.test(manifest)) {
                files(manifest, selected, visitor);
            }
        }
    }

    private void files(ManifestFile manifest, Predicate<DataFile> selected, Consumer<DataFile> visitor) {
        try (ManifestReader<DataFile> reader =
                ManifestFiles.read(manifest, table.io(), table.specs()).select(COLUMNS)) {
            for (DataFile file : reader) {
                if (selected.test(file)) {
                    visitor.accept(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("closing manifest " + manifest.path() + " failed", e);
        }
    }

    /** What is to be known of a file. */
    PlannedFile planned(DataFile file) {
        if (file.format() != FileFormat.PARQUET) {
            throw new SourceException("table " + name + " has data files of format " + file.format()
                    + ", but only Parquet is read: set write.format.default=parquet and rewrite them");
        }
        Long sequenceNumber = file.dataSequenceNumber();
        long number = sequenceNumber == null ? 0 : sequenceNumber;
        return new PlannedFile(file.location(), file.fileSizeInBytes(), file.recordCount(), number,
                bounds.partitions(file), bounds.offsets(file), bounds.arrivals(file),
                history().committedByMillis(number));
    }
}
