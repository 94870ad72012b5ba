package dev.tailsampling.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.types.Types.DoubleType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.apache.iceberg.types.Types.TimestampType;

/** The table of kept spans: the columns of {@link SpanTableSchema}, and what is known of the sampling. */
final class SampledSpansSchema {

    static final String START_TIME = "StartTime";
    static final String SAMPLING_POLICY = "SamplingPolicy";
    static final String SAMPLING_THRESHOLD = "SamplingThreshold";
    static final String ADJUSTED_COUNT = "AdjustedCount";

    static final Schema SCHEMA = schema();

    static final PartitionSpec SPEC = PartitionSpec.builderFor(SCHEMA).day(START_TIME).build();

    /** No commit is retried blindly: see {@link SummaryCommit}. */
    static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION, "2",
            TableProperties.PARQUET_COMPRESSION, "zstd",
            TableProperties.COMMIT_NUM_RETRIES, "0",
            TableProperties.METADATA_COMPRESSION, "gzip",
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");

    private SampledSpansSchema() {}

    private static Schema schema() {
        List<NestedField> columns = new ArrayList<>(SpanTableSchema.SCHEMA.columns());
        columns.add(NestedField.optional(38, START_TIME, TimestampType.withZone(),
                "Start, cut off to microseconds; null if the span has none"));
        columns.add(NestedField.optional(39, SAMPLING_POLICY, StringType.get(), "Policy that kept the trace"));
        columns.add(NestedField.optional(40, SAMPLING_THRESHOLD, StringType.get(),
                "Sampling threshold T of that decision, as in tracestate ot=th:; null if it has none"));
        columns.add(NestedField.optional(41, ADJUSTED_COUNT, DoubleType.get(),
                "How many spans this one stands for, by all samplers that it came through; null if not known"));
        return new Schema(columns);
    }

    /**
     * Checks a table that is there already.
     *
     * @throws UncheckedIOException if it lacks a column, or has another type for it
     */
    static void requireColumns(TableName name, Table table) {
        for (NestedField column : SCHEMA.columns()) {
            NestedField found = table.schema().findField(column.name());
            if (found == null || found.type().typeId() != column.type().typeId()) {
                String problem = "table " + name + " is not one for kept spans, as its column "
                        + column.name() + (found == null ? " is missing" : " is of type " + found.type())
                        + ": name another table in export.iceberg.table, which is then created";
                throw new UncheckedIOException(problem, new IOException(problem));
            }
        }
    }

    /** Says of a new table that its files are sorted by trace id. Of two who say so at once, one does. */
    static void sortByTraceId(Table table) {
        if (table.currentSnapshot() == null && table.sortOrder().isUnsorted()) {
            try {
                table.replaceSortOrder().asc(SpanTableSchema.TRACE_ID).commit();
            } catch (CommitFailedException e) {
                table.refresh();
            }
        }
    }
}
