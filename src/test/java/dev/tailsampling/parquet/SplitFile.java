package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.bitpacking.ByteBitPackingValuesWriter;
import org.apache.parquet.column.values.bitpacking.Packer;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter.PlainBinaryDictionaryValuesWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesWriter;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** A column of lists of optional strings in pages of version 1 that begin and end anywhere in a row, as some writers do it. */
final class SplitFile {

    static final MessageType SCHEMA = Types.buildMessage().repeatedGroup()
            .optional(PrimitiveTypeName.BINARY).named("s").named("list").named("table");
    private static final HeapByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();

    private final SplittableRandom random;
    private final ColumnDescriptor column = SCHEMA.getColumns().getFirst();
    private final List<Entry> entries = new ArrayList<>();
    /** The deprecated encoding of levels. */
    private final boolean levelsBitPacked;
    private int rows;

    SplitFile(long seed) {
        random = new SplittableRandom(seed);
        levelsBitPacked = random.nextInt(4) == 0;
        int longest = 1 + random.nextInt(60);
        int distinct = 1 + random.nextInt(50);
        for (rows = 0; rows < 1 + random.nextInt(200); rows++) {
            int length = random.nextInt(longest + 1);
            for (int i = 0; i < Math.max(1, length); i++) {
                int definition = length == 0 ? 0 : 1 + random.nextInt(2);
                // A dictionary needs a value.
                entries.add(entry(i, entries.isEmpty() ? 2 : definition, random.nextInt(distinct)));
            }
        }
    }

    private static Entry entry(int index, int definition, int number) {
        return new Entry(Math.min(index, 1), definition,
                definition < 2 ? null : ByteBuffer.wrap(("value " + number).getBytes()));
    }

    List<List<Entry>> rows() {
        List<List<Entry>> byRow = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.repetition() == 0) {
                byRow.add(new ArrayList<>());
            }
            byRow.getLast().add(entry);
        }
        return byRow;
    }

    MemoryFile write() {
        MemoryFile.Output output = new MemoryFile.Output();
        return unchecked(() -> {
            ParquetFileWriter writer = new ParquetFileWriter(output, SCHEMA, ParquetFileWriter.Mode.CREATE, 1 << 20, 0);
            writer.start();
            writer.startBlock(rows);
            writer.startColumn(column, entries.size(), CompressionCodecName.UNCOMPRESSED);
            writePages(writer);
            writer.endColumn();
            writer.endBlock();
            writer.end(Map.of());
            return output.file();
        });
    }

    /** Pages by the dictionary come first, as a writer gives up on its dictionary, or all, or none. */
    private void writePages(ParquetFileWriter writer) throws IOException {
        DictionaryValuesWriter ids = new PlainBinaryDictionaryValuesWriter(1 << 20, Encoding.PLAIN_DICTIONARY,
                Encoding.PLAIN_DICTIONARY, HEAP);
        int byIds = List.of(0, entries.size() / 2, entries.size()).get(random.nextInt(3));
        int longest = 1 + random.nextInt(100);
        List<Page> pages = new ArrayList<>();
        for (int from = 0; from < entries.size();) {
            int to = Math.min(entries.size(), from + 1 + random.nextInt(longest));
            pages.add(page(from, to, from < byIds ? ids : new PlainValuesWriter(100, 1 << 20, HEAP)));
            from = to;
        }
        DictionaryPage dictionary = byIds > 0 ? ids.toDictPageAndClose() : null;
        if (dictionary != null) {
            writer.writeDictionaryPage(dictionary);
        }
        Encoding levels = levelsBitPacked ? Encoding.BIT_PACKED : Encoding.RLE;
        for (Page page : pages) {
            writer.writeDataPage(page.entries(), page.bytes().length, BytesInput.from(page.bytes()),
                    Statistics.createStats(column.getPrimitiveType()), levels, levels, page.encoding());
        }
    }

    private record Page(int entries, byte[] bytes, Encoding encoding) {}

    private Page page(int from, int to, ValuesWriter values) throws IOException {
        ValuesWriter repetition = levels(1);
        ValuesWriter definition = levels(2);
        for (Entry entry : entries.subList(from, to)) {
            repetition.writeInteger(entry.repetition());
            definition.writeInteger(entry.definition());
            if (entry.value() instanceof ByteBuffer value) {
                values.writeBytes(Binary.fromConstantByteArray(value.array()));
            }
        }
        byte[] bytes = BytesInput.concat(repetition.getBytes(), definition.getBytes(), values.getBytes()).toByteArray();
        Encoding encoding = values.getEncoding();
        values.reset();
        return new Page(to - from, bytes, encoding);
    }

    private ValuesWriter levels(int max) {
        return levelsBitPacked
                ? new ByteBitPackingValuesWriter(max, Packer.BIG_ENDIAN)
                : new RunLengthBitPackingHybridValuesWriter(RunDecoder.width(max), 100, 1 << 20, HEAP);
    }
}
