package dev.tailsampling.lake;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.policy.VoteKind;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A decision as a row of the ledger's table and back. Times lose what is finer than a microsecond. */
final class LedgerRow {

    private LedgerRow() {}

    static Record of(Schema schema, DecisionRecord decision) {
        Record row = GenericRecord.create(schema);
        row.setField(LedgerSchema.SOURCE_TABLE, decision.source());
        row.setField(LedgerSchema.COMPLETION_REASON, decision.completion().name());
        row.setField("policy_set", decision.policySet());
        row.setField(LedgerSchema.RUN_ID, decision.runId());
        row.setField(LedgerSchema.BACKFILL_MODE, decision.backfill() == null ? null : decision.backfill().name());
        row.setField(LedgerSchema.CYCLE, decision.cycle());
        row.setField(LedgerSchema.DECIDED_AT, timestamp(decision.decidedAt()));
        row.setField("table_time", decision.tableTimeMillis() == SourceCursor.NO_TABLE_TIME
                ? null
                : timestamp(decision.tableTimeMillis()));
        setDecision(row, decision.decision());
        setFacts(row, decision.trace());
        row.setField(LedgerSchema.ADJUSTED_COUNT, decision.trace().adjustedCount(decision.decision()));
        return row;
    }

    private static void setDecision(Record row, Decision decision) {
        Types.StructType vote = row.struct().fieldType("votes").asListType().elementType().asStructType();
        row.setField(LedgerSchema.OUTCOME, decision.outcome().name());
        row.setField(LedgerSchema.POLICY, decision.policy());
        row.setField("reason", decision.reason());
        row.setField("threshold", th(decision.threshold()));
        List<Record> votes = new ArrayList<>(decision.votes().size());
        for (Vote cast : decision.votes()) {
            Record element = GenericRecord.create(vote);
            element.set(0, cast.policy());
            element.set(1, cast.vote().name());
            votes.add(element);
        }
        row.setField("votes", votes);
        Decision.Detail detail = decision.detail();
        if (detail != null) {
            row.setField(LedgerSchema.SUB_POLICY, detail.subPolicy());
            row.setField(LedgerSchema.SAMPLER_KEY, detail.samplerKey());
            row.setField(LedgerSchema.SAMPLE_RATE, detail.sampleRate());
        }
    }

    private static void setFacts(Record row, TraceFacts trace) {
        row.setField(LedgerSchema.TRACE_ID, trace.traceId().hex());
        row.setField("span_count", trace.spanCount());
        row.setField(LedgerSchema.EVENT_AND_LINK_COUNT, trace.eventAndLinkCount());
        row.setField("byte_count", trace.byteCount());
        row.setField("start_unix_nano", trace.startUnixNano());
        row.setField("end_unix_nano", trace.endUnixNano());
        row.setField("duration_ms", trace.durationNanos() / 1e6);
        row.setField(LedgerSchema.FIRST_ARRIVAL, timestamp(trace.firstArrivalMillis()));
        row.setField("last_arrival", timestamp(trace.lastArrivalMillis()));
        row.setField("root_service", trace.rootService());
        row.setField("root_name", trace.rootName());
        row.setField("status_bits", trace.statusBits());
        row.setField("randomness", trace.randomness());
        row.setField(LedgerSchema.INCOMING_THRESHOLD, th(trace.incomingThreshold()));
        row.setField("condition_words", trace.conditionWords());
    }

    static DecisionRecord decision(Record row) {
        OffsetDateTime tableTime = (OffsetDateTime) row.getField("table_time");
        return new DecisionRecord(text(row, LedgerSchema.SOURCE_TABLE), number(row, LedgerSchema.CYCLE),
                text(row, LedgerSchema.RUN_ID), text(row, "policy_set"),
                ((OffsetDateTime) row.getField(LedgerSchema.DECIDED_AT)).toInstant(),
                tableTime == null ? SourceCursor.NO_TABLE_TIME : tableTime.toInstant().toEpochMilli(),
                CompletionReason.valueOf(text(row, LedgerSchema.COMPLETION_REASON)), facts(row), outcome(row),
                backfill(row));
    }

    private static @Nullable BackfillMode backfill(Record row) {
        String mode = optionalText(row, LedgerSchema.BACKFILL_MODE);
        return mode == null ? null : BackfillMode.valueOf(mode);
    }

    private static Decision outcome(Record row) {
        List<Vote> votes = new ArrayList<>();
        for (Object element : (List<?>) row.getField("votes")) {
            Record vote = (Record) element;
            votes.add(new Vote(vote.get(0).toString(), VoteKind.valueOf(vote.get(1).toString())));
        }
        return new Decision(Outcome.valueOf(text(row, LedgerSchema.OUTCOME)), optionalText(row, LedgerSchema.POLICY),
                text(row, "reason"), threshold(row, "threshold"), List.copyOf(votes), detail(row));
    }

    private static Decision.@Nullable Detail detail(Record row) {
        Decision.Detail detail = new Decision.Detail(optionalText(row, LedgerSchema.SUB_POLICY),
                optionalText(row, LedgerSchema.SAMPLER_KEY), (Integer) row.getField(LedgerSchema.SAMPLE_RATE));
        return detail.equals(Decision.Detail.NONE) ? null : detail;
    }

    private static TraceFacts facts(Record row) {
        List<Long> conditionWords = new ArrayList<>();
        for (Object word : (List<?>) row.getField("condition_words")) {
            conditionWords.add((Long) word);
        }
        return new TraceFacts(TraceId.parse(text(row, LedgerSchema.TRACE_ID)), (int) number(row, "span_count"),
                optionalNumber(row, LedgerSchema.EVENT_AND_LINK_COUNT), number(row, "byte_count"),
                number(row, "start_unix_nano"), number(row, "end_unix_nano"),
                millis(row, LedgerSchema.FIRST_ARRIVAL), millis(row, "last_arrival"), (int) number(row, "status_bits"),
                number(row, "randomness"), threshold(row, LedgerSchema.INCOMING_THRESHOLD), conditionWords,
                optionalText(row, "root_service"),
                optionalText(row, "root_name"));
    }

    private static String text(Record row, String column) {
        return row.getField(column).toString();
    }

    private static @Nullable String optionalText(Record row, String column) {
        Object value = row.getField(column);
        return value == null ? null : value.toString();
    }

    private static @Nullable String th(@Nullable Threshold threshold) {
        return threshold == null ? null : threshold.th();
    }

    private static @Nullable Threshold threshold(Record row, String column) {
        String th = optionalText(row, column);
        return th == null ? null : Threshold.parse(th);
    }

    private static long number(Record row, String column) {
        return ((Number) row.getField(column)).longValue();
    }

    /** 0 in rows of earlier releases. */
    private static int optionalNumber(Record row, String column) {
        return row.getField(column) instanceof Number number ? number.intValue() : 0;
    }

    private static long millis(Record row, String column) {
        return ((OffsetDateTime) row.getField(column)).toInstant().toEpochMilli();
    }

    private static OffsetDateTime timestamp(long millis) {
        return timestamp(Instant.ofEpochMilli(millis));
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
