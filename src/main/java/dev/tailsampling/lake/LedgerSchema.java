package dev.tailsampling.lake;

import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.types.Types.DoubleType;
import org.apache.iceberg.types.Types.IntegerType;
import org.apache.iceberg.types.Types.ListType;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.apache.iceberg.types.Types.StructType;
import org.apache.iceberg.types.Types.TimestampType;

/** The ledger's table. Its columns are described for users in {@code catalog/README.md}. */
final class LedgerSchema {

    static final String TABLE = "trace_decisions";

    static final String SOURCE_TABLE = "source_table";
    static final String TRACE_ID = "trace_id";
    static final String OUTCOME = "outcome";
    static final String POLICY = "policy";
    static final String COMPLETION_REASON = "completion_reason";
    static final String RUN_ID = "run_id";
    static final String CYCLE = "cycle";
    static final String DECIDED_AT = "decided_at";
    static final String INCOMING_THRESHOLD = "incoming_threshold";
    static final String ADJUSTED_COUNT = "adjusted_count";
    static final String EVENT_AND_LINK_COUNT = "event_and_link_count";
    static final String SAMPLER_KEY = "sampler_key";
    static final String SAMPLE_RATE = "sample_rate";
    static final String SUB_POLICY = "sub_policy";
    static final String FIRST_ARRIVAL = "first_arrival";
    static final String BACKFILL_MODE = "backfill_mode";

    static final Schema SCHEMA = new Schema(
            NestedField.required(1, SOURCE_TABLE, StringType.get(), "Table the trace was read from, namespace.table"),
            NestedField.required(2, TRACE_ID, StringType.get(), "32 lower-case hex digits"),
            NestedField.required(3, OUTCOME, StringType.get(), "SAMPLED, NOT_SAMPLED or DROPPED"),
            NestedField.optional(4, POLICY, StringType.get(), "Deciding policy; null when none matched"),
            NestedField.required(5, "reason", StringType.get(), "One sentence for people"),
            NestedField.optional(6, "threshold", StringType.get(), "Sampling threshold T as in tracestate ot=th:"),
            NestedField.required(7, "votes", ListType.ofRequired(8, StructType.of(
                    NestedField.required(9, "policy", StringType.get()),
                    NestedField.required(10, "vote", StringType.get()))), "Vote of every policy, in the set's order"),
            NestedField.required(11, "span_count", IntegerType.get(), "Spans, duplicates included"),
            NestedField.required(12, "byte_count", LongType.get(), "Their size as OTLP protobuf"),
            NestedField.required(13, "start_unix_nano", LongType.get(), "Earliest span start, 0 if unknown"),
            NestedField.required(14, "end_unix_nano", LongType.get(), "Latest span end, 0 if unknown"),
            NestedField.required(15, "duration_ms", DoubleType.get(), "Latest end minus earliest start"),
            NestedField.required(16, FIRST_ARRIVAL, TimestampType.withZone(), "Kafka timestamp of the first span"),
            NestedField.required(17, "last_arrival", TimestampType.withZone(), "Kafka timestamp of the last span"),
            NestedField.required(18, DECIDED_AT, TimestampType.withZone(), "Wall-clock time of the decision"),
            NestedField.optional(19, "table_time", TimestampType.withZone(), "Table time of the decision"),
            NestedField.required(20, COMPLETION_REASON, StringType.get(), "Why the trace was complete"),
            NestedField.required(21, "policy_set", StringType.get(), "Version of the policy set"),
            NestedField.required(22, RUN_ID, StringType.get(), "Run that decided"),
            NestedField.required(23, CYCLE, LongType.get(), "Cycle that decided, from 1 for each source table"),
            NestedField.optional(24, "root_service", StringType.get(), "service.name of the root span"),
            NestedField.optional(25, "root_name", StringType.get(), "Name of the root span"),
            NestedField.required(26, "status_bits", IntegerType.get(), "Bit 0 UNSET, 1 OK, 2 ERROR seen"),
            NestedField.required(27, "randomness", LongType.get(), "R, 56 bits, held against the threshold"),
            NestedField.required(28, "condition_words", ListType.ofRequired(29, LongType.get()),
                    "One bit for each policy condition that a span satisfied"),
            NestedField.optional(30, INCOMING_THRESHOLD, StringType.get(), "Lowest ot=th: that a span came with"),
            NestedField.optional(31, ADJUSTED_COUNT, DoubleType.get(),
                    "How many traces this one stands for; null if not sampled or not known"),
            NestedField.optional(32, EVENT_AND_LINK_COUNT, IntegerType.get(), "Events and links of the spans"),
            NestedField.optional(33, SAMPLER_KEY, StringType.get(), "Key by which a sampler chose the rate"),
            NestedField.optional(34, SAMPLE_RATE, IntegerType.get(), "That rate: one in so many is kept"),
            NestedField.optional(35, SUB_POLICY, StringType.get(), "Part of a budget that took the trace"),
            NestedField.optional(36, BACKFILL_MODE, StringType.get(),
                    "RECORD or EXPORT of a backfill run; null for the scanner that follows the table"));

    static final PartitionSpec SPEC = PartitionSpec.builderFor(SCHEMA).day(DECIDED_AT).build();

    /** Of sorted rows one group has those of a trace; it should be little to read. */
    static final int ROW_GROUP_BYTES = 2 << 20;

    /** No commit is retried blindly: see {@link DecisionLedger#record}. */
    static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION, "2",
            TableProperties.PARQUET_COMPRESSION, "zstd",
            TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Integer.toString(ROW_GROUP_BYTES),
            TableProperties.COMMIT_NUM_RETRIES, "0",
            TableProperties.METADATA_COMPRESSION, "gzip",
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");

    private LedgerSchema() {}

    /** Whether a table has all columns and the order. Columns of later releases are optional, and null in older rows. */
    static boolean isComplete(Table table) {
        return table.sortOrder().isSorted()
                && SCHEMA.columns().stream().allMatch(column -> table.schema().findField(column.name()) != null);
    }

    /**
     * Adds to a table what is missing.
     *
     * @throws org.apache.iceberg.exceptions.CommitFailedException if somebody else committed first
     */
    static void complete(Table table) {
        Transaction transaction = table.newTransaction();
        transaction.updateSchema().unionByNameWith(SCHEMA).commit();
        transaction.replaceSortOrder().asc(TRACE_ID).commit();
        transaction.updateProperties()
                .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Integer.toString(ROW_GROUP_BYTES)).commit();
        transaction.commitTransaction();
    }
}
