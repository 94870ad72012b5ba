package dev.tailsampling.lake;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Files of the local disk that count what is opened. Iceberg makes the object, so all of a process count together. */
public final class CountingFileIO implements FileIO {

    private static final long serialVersionUID = 1L;

    /** What was opened since {@link #reset}, with the sizes of the files. */
    record Counts(long metadataFiles, long manifestLists, long manifests, long metadataBytes, long manifestListBytes,
            long manifestBytes) {}

    private static final Counter METADATA = new Counter();
    private static final Counter MANIFEST_LISTS = new Counter();
    private static final Counter MANIFESTS = new Counter();

    private static final Set<String> DATA_FILES = ConcurrentHashMap.newKeySet();

    private static final class Counter {
        private final LongAdder files = new LongAdder();
        private final LongAdder bytes = new LongAdder();

        void reset() {
            files.reset();
            bytes.reset();
        }
    }

    private final LocalFileIO files = new LocalFileIO();

    /** Iceberg creates it by reflection. */
    public CountingFileIO() {}

    static void reset() {
        METADATA.reset();
        MANIFEST_LISTS.reset();
        MANIFESTS.reset();
        DATA_FILES.clear();
    }

    /** Paths of the data files that were opened since {@link #reset}. */
    static Set<String> dataFiles() {
        return Set.copyOf(DATA_FILES);
    }

    static Counts counts() {
        return new Counts(METADATA.files.sum(), MANIFEST_LISTS.files.sum(), MANIFESTS.files.sum(), METADATA.bytes.sum(),
                MANIFEST_LISTS.bytes.sum(), MANIFESTS.bytes.sum());
    }

    @Override
    public InputFile newInputFile(String path) {
        InputFile file = files.newInputFile(path);
        if (path.endsWith(".metadata.json")) {
            return counted(file, METADATA);
        }
        if (path.endsWith(".avro")) {
            return counted(file, path.contains("/snap-") ? MANIFEST_LISTS : MANIFESTS);
        }
        return path.endsWith(".parquet") ? noted(file) : file;
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return files.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
        files.deleteFile(path);
    }

    private static InputFile counted(InputFile file, Counter counter) {
        return new WatchedFile(file, stream -> {
            counter.files.increment();
            counter.bytes.add(file.getLength());
            return stream;
        });
    }

    private static InputFile noted(InputFile file) {
        return new WatchedFile(file, stream -> {
            DATA_FILES.add(file.location());
            return stream;
        });
    }
}
