package dev.tailsampling.lake;

import dev.tailsampling.parquet.FileBytes;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.ParquetFile;
import dev.tailsampling.parquet.ReadCounters;
import dev.tailsampling.parquet.RowGroup;
import dev.tailsampling.selector.ReadStats;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.apache.iceberg.Table;

/**
 * Opens a table's data files. Where each read is a request to an object store, the next files are opened in the
 * background, and what will be read of them is loaded ahead. Not thread-safe.
 */
final class DataFiles implements AutoCloseable {

    private static final int FILES_AHEAD = 3;
    /** Threads that wait for requests; they hold none of the machine's cores meanwhile. */
    private static final ExecutorService LOADERS = Executors.newVirtualThreadPerTaskExecutor();

    /** An open file. */
    static final class Open implements AutoCloseable {

        private final DataFileBytes bytes;
        private final ReadTotals totals;
        private final ReadAhead ahead;
        private final ReadCounters counters = new ReadCounters();
        private final ParquetFile parquet;
        private final FileLeaves leaves;

        private Open(DataFileBytes bytes, Table table, ReadTotals totals) {
            this.bytes = bytes;
            this.totals = totals;
            this.ahead = new ReadAhead(bytes, ReadBudget.OF_PROCESS, LOADERS);
            FileBytes source = bytes.isRemote() ? ahead : bytes;
            this.parquet = ParquetFile.open(source, counters);
            this.leaves = new FileLeaves(parquet, table);
        }

        private static Open of(DataFileBytes bytes, Table table, ReadTotals totals) {
            try {
                return new Open(bytes, table, totals);
            } catch (RuntimeException e) {
                bytes.close();
                throw e;
            }
        }

        ParquetFile parquet() {
            return parquet;
        }

        /** Its columns. */
        FileLeaves leaves() {
            return leaves;
        }

        /** All of these columns will be read. */
        void expect(Collection<Leaf> wanted) {
            if (bytes.isRemote()) {
                ahead.expect(parquet.rowGroups().stream().flatMap(group -> group.ranges(wanted).stream()).toList());
            }
        }

        @Override
        public void close() {
            totals.add(counters);
            release();
        }

        private void release() {
            ahead.close();
            bytes.close();
        }
    }

    /** Held while its files are read: REST catalogs close a table's FileIO when nobody holds the table any more. */
    private final Table table;
    private final ReadTotals totals;
    private final Deque<PlannedFile> upcoming = new ArrayDeque<>();
    private final Map<String, CompletableFuture<Open>> opening = new LinkedHashMap<>();
    private BiFunction<PlannedFile, FileLeaves, Collection<Leaf>> wanted = (file, leaves) -> List.of();

    DataFiles(Table table, ReadTotals totals) {
        this.table = table;
        this.totals = totals;
    }

    /**
     * These files will be opened next, in this order.
     *
     * @param leaves what will be read of each
     */
    void expect(List<PlannedFile> files, BiFunction<PlannedFile, FileLeaves, Collection<Leaf>> leaves) {
        forget();
        upcoming.addAll(files);
        wanted = leaves;
    }

    /**
     * Opens a file; the caller closes it.
     *
     * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
     * @throws dev.tailsampling.parquet.CorruptFileException if it is damaged
     */
    Open open(PlannedFile file) {
        CompletableFuture<Open> started = opening.remove(file.path());
        boolean expected = upcoming.remove(file);
        openAhead();
        if (started != null) {
            return opened(started);
        }
        return expected ? openExpected(file) : Open.of(bytes(file), table, totals);
    }

    /** The same for a file of which all columns count as committed, see {@link ReadStats#bytesCommitted}. */
    Open openToScan(PlannedFile file) {
        Open open = open(file);
        totals.committed(open.parquet().rowGroups().stream().mapToLong(RowGroup::uncompressedBytes).sum());
        return open;
    }

    private void openAhead() {
        while (opening.size() < FILES_AHEAD && !upcoming.isEmpty()) {
            PlannedFile next = upcoming.remove();
            if (!isRemote(next)) {
                upcoming.clear();
                return;
            }
            // One that was committed twice is opened ahead once.
            opening.computeIfAbsent(next.path(),
                    path -> CompletableFuture.supplyAsync(() -> openExpected(next), LOADERS));
        }
    }

    private boolean isRemote(PlannedFile file) {
        try (DataFileBytes bytes = bytes(file)) {
            return bytes.isRemote();
        } catch (RuntimeException e) {
            // It will be said when its turn comes; the file that is being opened now does not suffer.
            return false;
        }
    }

    private Open openExpected(PlannedFile file) {
        Open open = Open.of(bytes(file), table, totals);
        try {
            open.expect(wanted.apply(file, open.leaves()));
            return open;
        } catch (RuntimeException e) {
            open.release();
            throw e;
        }
    }

    private DataFileBytes bytes(PlannedFile file) {
        return new DataFileBytes(table.io().newInputFile(file.path(), file.sizeInBytes()));
    }

    private static Open opened(CompletableFuture<Open> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void forget() {
        upcoming.clear();
        opening.values().forEach(DataFiles::closeUnused);
        opening.clear();
    }

    private static void closeUnused(CompletableFuture<Open> opening) {
        opening.whenComplete((open, failure) -> {
            if (open != null) {
                open.close();
            }
        }).exceptionally(failure -> null).join();
    }

    @Override
    public void close() {
        forget();
    }
}
