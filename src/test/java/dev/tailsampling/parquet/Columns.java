package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;

/** Whole columns of a file: for each row group and each column the rows, each a list of entries. */
final class Columns {

    private Columns() {}

    /** As parquet-java reads them. */
    static List<List<List<List<Entry>>>> byLibrary(MemoryFile file) {
        return unchecked(() -> {
            try (ParquetFileReader reader = ParquetFileReader.open(file)) {
                MessageType schema = reader.getFileMetaData().getSchema();
                List<List<List<List<Entry>>>> groups = new ArrayList<>();
                for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader
                        .readNextRowGroup()) {
                    groups.add(columns(pages, schema, reader.getFileMetaData().getCreatedBy()));
                }
                return groups;
            }
        });
    }

    private static List<List<List<Entry>>> columns(PageReadStore pages, MessageType schema, String createdBy) {
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(pages, new Nowhere(schema), schema, createdBy);
        List<List<List<Entry>>> columns = new ArrayList<>();
        for (ColumnDescriptor column : schema.getColumns()) {
            columns.add(column(store.getColumnReader(column), column));
        }
        return columns;
    }

    private static List<List<Entry>> column(ColumnReader reader, ColumnDescriptor column) {
        List<List<Entry>> rows = new ArrayList<>();
        for (long i = 0; i < reader.getTotalValueCount(); i++) {
            Entry entry = Entry.ofLibrary(reader, column);
            if (entry.repetition() == 0) {
                rows.add(new ArrayList<>());
            }
            rows.getLast().add(entry);
            reader.consume();
        }
        return rows;
    }

    /** As we read them from end to end. */
    static List<List<List<List<Entry>>>> byUs(ParquetFile file) {
        List<List<List<List<Entry>>>> groups = new ArrayList<>();
        for (RowGroup group : file.rowGroups()) {
            List<List<List<Entry>>> columns = new ArrayList<>();
            for (Leaf leaf : file.leaves()) {
                columns.add(column(group.cursor(leaf), leaf));
            }
            groups.add(columns);
        }
        return groups;
    }

    static List<List<Entry>> column(ColumnCursor cursor, Leaf leaf) {
        List<List<Entry>> rows = new ArrayList<>();
        for (int left = cursor.rowsInPage(); left > 0; left = cursor.rowsInPage()) {
            ColumnPage page = cursor.page();
            for (int row = cursor.rowInPage(); row < cursor.rowInPage() + left; row++) {
                rows.add(row(leaf, page, row));
            }
            cursor.skip(left);
        }
        return rows;
    }

    static List<Entry> row(Leaf leaf, ColumnPage page, int row) {
        List<Entry> entries = new ArrayList<>();
        for (int entry = page.entryStart(row); entry < page.entryStart(row + 1); entry++) {
            entries.add(Entry.ours(leaf, page, entry));
        }
        return entries;
    }

    /** Reads some rows, chosen at random, and gives the index of the first one that is not as expected, or -1. */
    static long firstDifference(ColumnCursor cursor, Leaf leaf, List<List<Entry>> expected, SplittableRandom random) {
        int longest = 1 << random.nextInt(12);
        int at = 0;
        while (true) {
            int skipped = random.nextInt(Math.min(longest, expected.size() - at) + 1);
            cursor.skip(skipped);
            at += skipped;
            int left = cursor.rowsInPage();
            if (left == 0) {
                return at == expected.size() ? -1 : at;
            }
            int wanted = 1 + random.nextInt(left);
            for (int i = 0; i < wanted; i++, at++) {
                if (!expected.get(at).equals(row(leaf, cursor.page(), cursor.rowInPage()))) {
                    return at;
                }
                cursor.skip(1);
            }
        }
    }

    static GroupConverter converters(GroupType schema) {
        return new Nowhere(schema);
    }

    /** Converters, which parquet-java's column readers demand and do not use here. */
    private static final class Nowhere extends GroupConverter {
        private final GroupType type;

        Nowhere(GroupType type) {
            this.type = type;
        }

        @Override
        public Converter getConverter(int field) {
            return type.getType(field).isPrimitive() ? new PrimitiveConverter() {
                @Override
                public void addBinary(Binary value) {}
            } : new Nowhere(type.getType(field).asGroupType());
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
