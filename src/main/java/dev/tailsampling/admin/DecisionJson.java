package dev.tailsampling.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.Randomness;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The JSON form of decisions: the same field names wherever a decision is printed. */
public final class DecisionJson {

    private DecisionJson() {}

    /** The fields of {@code tss decide}. */
    public static void write(JsonGenerator json, TraceFacts trace, Decision decision) throws IOException {
        json.writeStringField("trace_id", trace.traceId().hex());
        json.writeStringField("outcome", decision.outcome().name());
        json.writeStringField("policy", decision.policy());
        json.writeStringField("reason", decision.reason());
        json.writeStringField("threshold", decision.threshold() == null ? null : decision.threshold().th());
        json.writeObjectField("adjusted_count", trace.adjustedCount(decision));
        json.writeStringField("incoming_threshold",
                trace.incomingThreshold() == null ? null : trace.incomingThreshold().th());
        json.writeStringField("randomness", Randomness.hex(trace.randomness()));
        writeDetail(json, decision.detail());
        json.writeNumberField("span_count", trace.spanCount());
        json.writeNumberField("duration_ms", millis(trace.durationNanos()));
        json.writeArrayFieldStart("votes");
        for (Vote vote : decision.votes()) {
            json.writeStartObject();
            json.writeStringField("policy", vote.policy());
            json.writeStringField("vote", vote.vote().name());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeDetail(JsonGenerator json, Decision.@Nullable Detail detail) throws IOException {
        if (detail != null && detail.subPolicy() != null) {
            json.writeStringField("sub_policy", detail.subPolicy());
        }
        if (detail != null && detail.samplerKey() != null) {
            json.writeStringField("sampler_key", detail.samplerKey());
        }
        if (detail != null && detail.sampleRate() != null) {
            json.writeNumberField("sample_rate", detail.sampleRate());
        }
    }

    /** Those fields, and where, when and why the decision was taken. */
    public static void write(JsonGenerator json, DecisionRecord logged) throws IOException {
        write(json, logged.trace(), logged.decision());
        json.writeStringField("table", logged.source());
        json.writeStringField("root_service", logged.trace().rootService());
        json.writeStringField("root_name", logged.trace().rootName());
        json.writeNumberField("byte_count", logged.trace().byteCount());
        json.writeStringField("first_arrival", Instant.ofEpochMilli(logged.trace().firstArrivalMillis()).toString());
        json.writeStringField("last_arrival", Instant.ofEpochMilli(logged.trace().lastArrivalMillis()).toString());
        json.writeStringField("completion_reason", logged.completion().name());
        json.writeStringField("decided_at", logged.decidedAt().toString());
        json.writeNumberField("cycle", logged.cycle());
        json.writeStringField("run_id", logged.runId());
        if (logged.backfill() != null) {
            json.writeStringField("backfill_mode", logged.backfill().label());
        }
        json.writeStringField("policy_set", logged.policySet());
    }

    /** Nanoseconds as exact milliseconds, without trailing zeros: 650.8. */
    public static BigDecimal millis(long nanos) {
        BigDecimal millis = BigDecimal.valueOf(nanos, 6).stripTrailingZeros();
        return millis.scale() < 0 ? millis.setScale(0) : millis;
    }
}
