package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One column of a zstd file in memory → the sum over its entries of level, length, first and last byte: our cursor against parquet-java's
 * ColumnReader, one thread. {@link #setUp} checks that both give the same sum. {@code cpuMicros} is the thread's CPU time of an
 * operation, which neighbours on the machine disturb less than the wall time; the first warm-up iteration shows a cold start.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="ColumnBenchmark"}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 15)
@Fork(1)
public class ColumnBenchmark {

    private static final long SEED = 20261126;
    private static final String[] WORDS =
            "GET POST /api/v1/orders checkout payment-service http.request.method eu-west-1 db.query cache 200 500 tenant gold"
                    .split(" ");

    /** Raw messages of some KB; trace ids that repeat; attribute maps. */
    @Param({"raw", "id", "map"})
    public String column;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private MemoryFile file;
    private MessageType schema;
    /** Of the leaf that is read, which is the last one. */
    private int leaf;

    /** CPU time of an operation. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
        /** Microseconds. */
        public long cpuMicros;

        long measure(java.util.function.LongSupplier operation) {
            long before = THREADS.getCurrentThreadCpuTime();
            long result = operation.getAsLong();
            cpuMicros += (THREADS.getCurrentThreadCpuTime() - before) / 1000;
            return result;
        }
    }

    /** Writes the file and compares the two results. */
    @Setup
    public void setUp() {
        schema = MessageTypeParser.parseMessageType("message table { " + switch (column) {
            case "raw" -> "optional binary value;";
            case "id" -> "required binary id (STRING);";
            default -> "optional group attributes (MAP) { repeated group key_value "
                    + "{ required binary key (STRING); optional binary value (STRING); } }";
        } + " }");
        leaf = schema.getColumns().size() - 1;
        file = write(switch (column) {
            case "raw" -> 4_000;
            case "id" -> 500_000;
            default -> 100_000;
        });
        long theirs = sumByLibrary();
        if (theirs != sumByUs()) {
            throw new IllegalStateException("differs from parquet-java");
        }
        System.out.printf("correct: equal to parquet-java's; file of %,d bytes%n", file.length());
    }

    /** Ours. */
    @Benchmark
    public long cursor(Cpu cpu) {
        return cpu.measure(this::sumByUs);
    }

    /** The peer. */
    @Benchmark
    public long columnReader(Cpu cpu) {
        return cpu.measure(this::sumByLibrary);
    }

    /** The floor: our reading and decompression of the pages, and nothing else. */
    @Benchmark
    public long decompression(Cpu cpu) {
        return cpu.measure(this::decompress);
    }

    private long decompress() {
        ReadCounters counters = new ReadCounters();
        ParquetFile parquet = ParquetFile.open(file, counters);
        RawPage raw = new RawPage();
        for (RowGroup group : parquet.rowGroups()) {
            PageSource pages = group.pages(parquet.leaves().get(leaf));
            while (pages.next()) {
                pages.load(raw);
            }
        }
        return counters.bytesDecompressed();
    }

    private long sumByUs() {
        ParquetFile parquet = ParquetFile.open(file, new ReadCounters());
        long sum = 0;
        for (RowGroup group : parquet.rowGroups()) {
            ColumnCursor cursor = group.cursor(parquet.leaves().get(leaf));
            for (int rows = cursor.rowsInPage(); rows > 0; rows = cursor.rowsInPage()) {
                sum += sum(cursor.page());
                cursor.skip(rows);
            }
        }
        return sum;
    }

    private static long sum(ColumnPage page) {
        long sum = 0;
        byte[] bytes = page.bytes();
        for (int entry = 0; entry < page.entryCount(); entry++) {
            sum += page.definitionLevel(entry) + page.repetitionLevel(entry);
            if (!page.isNull(entry)) {
                sum += value(bytes, page.offsetOf(entry), page.lengthOf(entry));
            }
        }
        return sum;
    }

    private static long value(byte[] bytes, int offset, int length) {
        return length == 0 ? 0 : length + bytes[offset] + bytes[offset + length - 1];
    }

    private long sumByLibrary() {
        return unchecked(() -> {
            try (ParquetFileReader reader = ParquetFileReader.open(file)) {
                ColumnDescriptor descriptor = schema.getColumns().get(leaf);
                reader.setRequestedSchema(schema);
                long sum = 0;
                for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader
                        .readNextRowGroup()) {
                    sum += sum(new ColumnReadStoreImpl(pages, Columns.converters(schema), schema, "")
                            .getColumnReader(descriptor), descriptor.getMaxDefinitionLevel());
                }
                return sum;
            }
        });
    }

    private static long sum(ColumnReader reader, int maxDefinitionLevel) {
        long sum = 0;
        for (long i = 0; i < reader.getTotalValueCount(); i++) {
            int level = reader.getCurrentDefinitionLevel();
            sum += level + reader.getCurrentRepetitionLevel();
            if (level == maxDefinitionLevel) {
                byte[] bytes = reader.getBinary().getBytesUnsafe();
                sum += value(bytes, 0, bytes.length);
            }
            reader.consume();
        }
        return sum;
    }

    private MemoryFile write(int rows) {
        MemoryFile.Output output = new MemoryFile.Output();
        return unchecked(() -> {
            try (ParquetWriter<Integer> writer = new Builder(output)
                    .withCompressionCodec(CompressionCodecName.ZSTD).build()) {
                for (int row = 0; row < rows; row++) {
                    writer.write(row);
                }
            }
            return output.file();
        });
    }

    private Binary text(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append((char) random.nextInt(' ', '~'));
        }
        return Binary.fromConstantByteArray(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private final class Builder extends ParquetWriter.Builder<Integer, Builder> {
        Builder(MemoryFile.Output output) {
            super(output);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
            return new Rows();
        }
    }

    private final class Rows extends WriteSupport<Integer> {
        private RecordConsumer to;

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            to = consumer;
        }

        @Override
        public void write(Integer row) {
            to.startMessage();
            to.startField(schema.getFieldName(0), 0);
            switch (column) {
                case "raw" -> to.addBinary(text(random.nextInt(400, 2_000)));
                case "id" -> to.addBinary(Binary.fromString("%032x".formatted((row / 10 + random.nextInt(50)) * SEED)));
                default -> writeMap(random.nextInt(2, 10));
            }
            to.endField(schema.getFieldName(0), 0);
            to.endMessage();
        }

        private void writeMap(int pairs) {
            to.startGroup();
            to.startField("key_value", 0);
            for (int i = 0; i < pairs; i++) {
                to.startGroup();
                to.startField("key", 0);
                to.addBinary(Binary.fromString("attribute." + i));
                to.endField("key", 0);
                to.startField("value", 1);
                to.addBinary(i % 2 == 0 ? text(1) : text(random.nextInt(1, 5)));
                to.endField("value", 1);
                to.endGroup();
            }
            to.endField("key_value", 0);
            to.endGroup();
        }
    }
}
