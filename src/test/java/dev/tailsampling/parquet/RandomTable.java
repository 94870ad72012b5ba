package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Files of random schemas, contents and writer settings, written by parquet-java. The seed says all. */
final class RandomTable {

    private static final List<CompressionCodecName> CODECS = List.of(CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.ZSTD, CompressionCodecName.SNAPPY, CompressionCodecName.GZIP,
            CompressionCodecName.LZ4_RAW);

    private final SplittableRandom random;
    private final MessageType schema;
    /** How often an optional field is null, in percent. */
    private final int nullPercent;
    private final int longestList;
    private final int distinctValues;
    private final int longestBytes;
    private int nextFieldId = 1;

    RandomTable(long seed) {
        random = new SplittableRandom(seed);
        nullPercent = pick(0, 1, 10, 50, 100);
        longestList = pick(1, 3, 3, 40);
        distinctValues = pick(1, 3, 200, 300, 70_000, Integer.MAX_VALUE);
        longestBytes = pick(0, 5, 20, 200);
        List<Type> fields = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            fields.add(field(0));
        }
        schema = new MessageType("table", fields);
    }

    MessageType schema() {
        return schema;
    }

    /** Writes fewer rows than {@code maxRows}, mostly much fewer. */
    MemoryFile write(int maxRows) {
        CompressionCodecName codec = CODECS.get(random.nextInt(CODECS.size()));
        int rows = random.nextInt(1 + random.nextInt(1 + random.nextInt(maxRows)));
        return write(rows, codec, random.nextInt(4) > 0);
    }

    MemoryFile write(int rows, CompressionCodecName codec, boolean checksums) {
        MemoryFile.Output output = new MemoryFile.Output();
        return unchecked(() -> {
            try (ParquetWriter<SplittableRandom> writer = new Builder(output)
                    .withCompressionCodec(codec)
                    .withPageWriteChecksumEnabled(checksums)
                    .withWriterVersion(random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0)
                    .withDictionaryEncoding(random.nextInt(3) > 0)
                    .withByteStreamSplitEncoding(random.nextInt(4) == 0)
                    .withDictionaryPageSize(pick(64, 2000, 1 << 20))
                    .withPageSize(pick(64, 1000, 10_000, 1 << 20))
                    .withPageRowCountLimit(Math.max(rows / pick(1, 1, 10, 100), 1))
                    .withMinRowCountForPageSizeCheck(pick(1, 10, 100))
                    .withRowGroupRowCountLimit(Math.max(rows / pick(1, 2, 5), 1))
                    .build()) {
                for (int i = 0; i < rows; i++) {
                    writer.write(random);
                }
            }
            return output.file();
        });
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Type field(int depth) {
        Repetition repetition = Repetition.values()[random.nextInt(3)];
        String name = "f" + nextFieldId;
        int id = nextFieldId++;
        if (depth < 3 && random.nextInt(3) == 0) {
            Types.GroupBuilder<GroupType> group = Types.buildGroup(repetition);
            for (int i = 0; i <= random.nextInt(2); i++) {
                group.addField(field(depth + 1));
            }
            return group.id(id).named(name);
        }
        PrimitiveTypeName type = PrimitiveTypeName.values()[random.nextInt(PrimitiveTypeName.values().length)];
        int length = type == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY ? 1 + random.nextInt(20) : 0;
        return Types.primitive(type, repetition).length(length).id(id).named(name);
    }

    private void writeFields(GroupType group, RecordConsumer to) {
        for (int i = 0; i < group.getFieldCount(); i++) {
            Type field = group.getType(i);
            int count = count(field);
            if (count > 0) {
                to.startField(field.getName(), i);
                for (int j = 0; j < count; j++) {
                    writeOne(field, to);
                }
                to.endField(field.getName(), i);
            }
        }
    }

    private int count(Type field) {
        return switch (field.getRepetition()) {
            case REQUIRED -> 1;
            case OPTIONAL -> random.nextInt(100) < nullPercent ? 0 : 1;
            case REPEATED -> random.nextInt(100) < nullPercent ? 0 : random.nextInt(longestList + 1);
        };
    }

    private void writeOne(Type field, RecordConsumer to) {
        if (field.isPrimitive()) {
            writeValue(field.asPrimitiveType(), to);
        } else {
            to.startGroup();
            writeFields(field.asGroupType(), to);
            to.endGroup();
        }
    }

    /** A value is made from a number of limited range, so that dictionaries fit or do not. */
    private void writeValue(PrimitiveType type, RecordConsumer to) {
        SplittableRandom value = new SplittableRandom(random.nextInt(distinctValues));
        switch (type.getPrimitiveTypeName()) {
            case INT32 -> to.addInteger(value.nextInt());
            case INT64 -> to.addLong(value.nextInt(4) == 0 ? value.nextLong() : value.nextInt());
            case BOOLEAN -> to.addBoolean(value.nextBoolean());
            case FLOAT -> to.addFloat((float) value.nextDouble());
            case DOUBLE -> to.addDouble(value.nextDouble());
            case BINARY -> to.addBinary(bytes(value, value.nextInt(longestBytes + 1)));
            case FIXED_LEN_BYTE_ARRAY -> to.addBinary(bytes(value, type.getTypeLength()));
            case INT96 -> to.addBinary(int96(value));
        }
    }

    private static Binary bytes(SplittableRandom value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + value.nextInt(26));
        }
        return Binary.fromConstantByteArray(bytes);
    }

    private static Binary int96(SplittableRandom value) {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(12).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(value.nextLong(86_400_000_000_000L)).putInt(2_440_588 + value.nextInt(20_000));
        return Binary.fromConstantByteArray(bytes.array());
    }

    private final class Builder extends ParquetWriter.Builder<SplittableRandom, Builder> {
        Builder(MemoryFile.Output output) {
            super(output);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<SplittableRandom> getWriteSupport(Configuration configuration) {
            return new Support();
        }
    }

    private final class Support extends WriteSupport<SplittableRandom> {
        private RecordConsumer consumer;

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer to) {
            consumer = to;
        }

        @Override
        public void write(SplittableRandom row) {
            consumer.startMessage();
            writeFields(schema, consumer);
            consumer.endMessage();
        }
    }
}
