package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.ParquetFile;
import dev.tailsampling.parquet.RowGroup;
import dev.tailsampling.trace.SpanField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables of which each row is a span, by column: of those that nobody asks for nothing is decompressed. A row whose
 * trace id or parent id cannot be read is undecodable. Not thread-safe.
 */
final class SpanTableReader implements SpanReader {

    private static final int LEAST_SIZE = 100;
    /** How much a span is larger in OTLP than in a compressed file, roughly. */
    private static final int EXPANSION = 5;

    private final TableName name;
    private final DataFiles files;
    private final BoundLayout.Spans layout;
    private final SpanEncoder encoder = new SpanEncoder();

    SpanTableReader(TableName name, DataFiles files, BoundLayout.Spans layout) {
        this.name = name;
        this.files = files;
        this.layout = layout;
    }

    @Override
    public void scan(PlannedFile file, Set<SpanField> fields, RowSelection selection, SpanVisitor visitor) {
        try (DataFiles.Open open = files.openToScan(file)) {
            scan(file, open, fields, selection, visitor);
        }
    }

    private void scan(PlannedFile file, DataFiles.Open open, Set<SpanField> fields, RowSelection selection,
            SpanVisitor visitor) {
        forEachRowGroup(file, open, fields, (span, place, rows, current) -> {
            for (long row = 0; row < rows; row++) {
                current.next();
                place.read();
                span.readTimes();
                long arrivalMillis = span.arrivalMillis();
                if (selection.selects(place.partition(), place.offset(), arrivalMillis)) {
                    scanRow(span, place, arrivalMillis, visitor);
                }
            }
        });
    }

    private static void scanRow(SpanRow span, Place place, long arrivalMillis, SpanVisitor visitor) {
        if (!span.readTraceId()) {
            visitor.undecodable(place.partition(), place.offset(), arrivalMillis, "a row without a trace id");
        } else if (!span.readParent()) {
            visitor.undecodable(place.partition(), place.offset(), arrivalMillis,
                    "a row whose parent span id cannot be read");
        } else {
            visitor.span(span, place.partition(), place.offset(), arrivalMillis);
        }
    }

    @Override
    public void fetch(PlannedFile file, RowSelection selection, TraceSelection traces, WholeSpanVisitor visitor) {
        try (DataFiles.Open open = files.open(file)) {
            fetch(file, open, selection, traces, visitor);
        }
    }

    private void fetch(PlannedFile file, DataFiles.Open open, RowSelection selection, TraceSelection traces,
            WholeSpanVisitor visitor) {
        forEachRowGroup(file, open, SpanField.ALL, (span, place, rows, current) -> {
            for (long row = 0; row < rows; row++) {
                current.next();
                if (span.readTraceId() && traces.mayHave(span.traceIdHigh(), span.traceIdLow()) && span.readParent()) {
                    fetchRow(span, place, selection, traces, visitor);
                }
            }
        });
    }

    private static void fetchRow(SpanRow span, Place place, RowSelection selection, TraceSelection traces,
            WholeSpanVisitor visitor) {
        place.read();
        span.readTimes();
        long arrivalMillis = span.arrivalMillis();
        if (selection.selects(place.partition(), place.offset(), arrivalMillis)
                && traces.selects(span.traceIdHigh(), span.traceIdLow(), arrivalMillis)) {
            span.encode(whole -> visitor.span(whole, arrivalMillis));
        }
    }

    @Override
    public void positions(PlannedFile file, PositionVisitor visitor) {
        try (DataFiles.Open open = files.open(file)) {
            forEachRowGroup(file, open, Set.of(), (span, place, rows, current) -> {
                for (long row = 0; row < rows; row++) {
                    current.next();
                    place.read();
                    visitor.row(place.partition(), place.offset());
                }
            });
        }
    }

    /** Goes over the rows of a row group. */
    @FunctionalInterface
    private interface RowGroupAction {
        void rows(SpanRow span, Place place, long rows, CurrentRow current);
    }

    private void forEachRowGroup(PlannedFile file, DataFiles.Open open, Set<SpanField> fields,
            RowGroupAction action) {
        ParquetFile parquet = open.parquet();
        long rows = parquet.rowGroups().stream().mapToLong(RowGroup::rowCount).sum();
        int size = rows == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, EXPANSION * file.sizeInBytes() / rows);
        for (RowGroup group : parquet.rowGroups()) {
            CurrentRow current = new CurrentRow();
            ColumnFinder columns = new ColumnFinder(layout.schema(), open.leaves(), group, current);
            action.rows(new SpanRow(layout, columns, fields, Math.max(LEAST_SIZE, size), encoder),
                    place(columns, file), group.rowCount(), current);
        }
    }

    private Place place(ColumnFinder columns, PlannedFile file) {
        BoundLayout.Position position = layout.row().position();
        return position == null ? new InCommit(file) : new InKafka(name, file, position, columns);
    }

    @Override
    public void expect(List<PlannedFile> next) {
        files.expect(next, (file, leaves) -> always(leaves));
    }

    /** Columns that are read of every row, whoever asks. */
    private List<Leaf> always(FileLeaves leaves) {
        SpanColumns columns = layout.columns();
        List<Leaf> always = new ArrayList<>();
        add(columns.traceId(), leaves, always);
        add(columns.parentSpanId(), leaves, always);
        add(columns.statusCode(), leaves, always);
        add(columns.traceState(), leaves, always);
        add(columns.times().start(), leaves, always);
        add(columns.times().end(), leaves, always);
        add(columns.times().duration(), leaves, always);
        RowPlace.fieldIds(layout.row()).forEach(id -> add(layout.schema().findField(id), leaves, always));
        return always;
    }

    private void add(@Nullable TimeColumn time, FileLeaves leaves, List<Leaf> to) {
        add(time == null ? null : time.column(), leaves, to);
    }

    private void add(@Nullable String path, FileLeaves leaves, List<Leaf> to) {
        add(path == null ? null : layout.schema().findField(path), leaves, to);
    }

    private static void add(@Nullable NestedField field, FileLeaves leaves, List<Leaf> to) {
        Leaf leaf = field == null ? null : leaves.of(field.fieldId());
        if (leaf != null && !to.contains(leaf)) {
            to.add(leaf);
        }
    }

    @Override
    public void close() {
        files.close();
    }

    /** Where the current row stood in Kafka, or what stands for it. */
    private interface Place {

        /** Looks at the current row. */
        void read();

        int partition();

        long offset();
    }

    /** All rows of a file stand where it was committed. */
    private record InCommit(PlannedFile file) implements Place {

        @Override
        public void read() {
            // No row says it.
        }

        @Override
        public int partition() {
            return CommitPositions.PARTITION;
        }

        @Override
        public long offset() {
            return file.dataSequenceNumber();
        }
    }

    /** Each row says it, or nobody knows whether it was read before. */
    private static final class InKafka implements Place {

        private final TableName name;
        private final PlannedFile file;
        private final BoundLayout.Position position;
        private final NumberColumn partitions;
        private final NumberColumn offsets;
        private int partition;
        private long offset;

        InKafka(TableName name, PlannedFile file, BoundLayout.Position position, ColumnFinder columns) {
            this.name = name;
            this.file = file;
            this.position = position;
            this.partitions = columns.leaf(position.partition(), EpochUnit.NS);
            this.offsets = columns.leaf(position.offset(), EpochUnit.NS);
        }

        @Override
        public void read() {
            partition = (int) value(partitions, position.partition());
            offset = value(offsets, position.offset());
        }

        private long value(NumberColumn numbers, LeafColumn column) {
            if (!numbers.hasValue()) {
                throw RowPlace.withoutPlace(name, column, file);
            }
            return numbers.value();
        }

        @Override
        public int partition() {
            return partition;
        }

        @Override
        public long offset() {
            return offset;
        }
    }
}
