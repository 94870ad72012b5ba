package dev.tailsampling.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which files of the ledger to put together: in a day, neighbours in the order of their commits. Those of about one size are
 * put together when there are some, so that a row is rewritten a few times at most; once a day has passed, all that are
 * not large.
 *
 * @param minFiles how many neighbours of a size are worth it
 * @param largeBytes files from this size on are left alone, and no larger ones than twice this are made
 * @param maxOpenBytes about how much of the files may be in memory while they are merged, as it is in the files
 * @param maxUnsortedRows rows of files in no order have to be in memory all: files with more of them are left alone
 */
record CompactionPlan(int minFiles, long largeBytes, long maxOpenBytes, long maxUnsortedRows) {

    static final CompactionPlan DEFAULT = new CompactionPlan(10, 32L << 20, 16L << 20, 20_000);

    /** Sizes up to which files count as small, medium and not large. */
    private static final List<Integer> SHARES_OF_LARGE = List.of(32, 4, 1);
    private static final int MAX_FILES_AT_ONCE = 100;

    private static final Comparator<DataFile> AS_COMMITTED =
            Comparator.comparing(DataFile::dataSequenceNumber).thenComparing(DataFile::location);

    /** The groups to be rewritten, each into one file, in the order in which it is best done. */
    List<List<DataFile>> groups(Table table) {
        TreeMap<Integer, List<FileScanTask>> byDay = new TreeMap<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> {
                if (task.spec().specId() == table.spec().specId()) {
                    byDay.computeIfAbsent(task.file().partition().get(0, Integer.class), day -> new ArrayList<>())
                            .add(task);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("closing the scan of " + table.name() + " failed", e);
        }
        List<List<DataFile>> groups = new ArrayList<>();
        for (Map.Entry<Integer, List<FileScanTask>> day : byDay.descendingMap().entrySet()) {
            boolean hasPassed = !day.getKey().equals(byDay.lastKey());
            groups.addAll(ofDay(table, day.getValue(), hasPassed));
        }
        return groups;
    }

    private List<List<DataFile>> ofDay(Table table, List<FileScanTask> tasks, boolean hasPassed) {
        tasks.sort(Comparator.comparing(FileScanTask::file, AS_COMMITTED));
        for (int share : SHARES_OF_LARGE) {
            boolean all = hasPassed && share == 1;
            List<List<DataFile>> groups = groups(table, tasks, largeBytes / share, all ? 2 : minFiles);
            if (!groups.isEmpty()) {
                return groups;
            }
        }
        return List.of();
    }

    /** Neighbours below a size, if there are enough of them, in groups that can be merged at once. */
    private List<List<DataFile>> groups(Table table, List<FileScanTask> tasks, long belowBytes, int atLeast) {
        List<List<DataFile>> groups = new ArrayList<>();
        List<DataFile> run = new ArrayList<>();
        for (FileScanTask task : tasks) {
            if (task.file().fileSizeInBytes() < belowBytes && canBeMerged(table, task)) {
                run.add(task.file());
            } else {
                addGroups(table, run, atLeast, groups);
                run.clear();
            }
        }
        addGroups(table, run, atLeast, groups);
        return groups;
    }

    private void addGroups(Table table, List<DataFile> run, int atLeast, List<List<DataFile>> groups) {
        if (run.size() < atLeast) {
            return;
        }
        Group group = new Group(table);
        for (DataFile file : run) {
            if (!group.takes(file)) {
                groups.add(group.files);
                group = new Group(table);
            }
            group.add(file);
        }
        groups.add(group.files);
        groups.removeIf(files -> files.size() < 2);
    }

    /** Files that are merged at once. */
    private final class Group {

        private final Table table;
        private final List<DataFile> files = new ArrayList<>();
        private long bytes;
        private long openBytes;
        private long unsortedRows;

        Group(Table table) {
            this.table = table;
        }

        boolean takes(DataFile file) {
            return files.size() < MAX_FILES_AT_ONCE && bytes + file.fileSizeInBytes() <= 2 * largeBytes
                    && openBytes + open(file) <= maxOpenBytes && unsortedRows + unsorted(file) <= maxUnsortedRows;
        }

        void add(DataFile file) {
            files.add(file);
            bytes += file.fileSizeInBytes();
            openBytes += open(file);
            unsortedRows += unsorted(file);
        }

        private static long open(DataFile file) {
            return Math.min(file.fileSizeInBytes(), LedgerSchema.ROW_GROUP_BYTES);
        }

        private long unsorted(DataFile file) {
            return LedgerFile.isSorted(table, file) ? 0 : file.recordCount();
        }
    }

    /** Rows that somebody deleted from the ledger must not come back. */
    private boolean canBeMerged(Table table, FileScanTask task) {
        return task.deletes().isEmpty()
                && (LedgerFile.isSorted(table, task.file()) || task.file().recordCount() <= maxUnsortedRows);
    }

    static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
    }
}
