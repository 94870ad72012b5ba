package dev.tailsampling.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.policy.Evidence;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.trace.Threshold;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON form of explanations: the same field names wherever one is shown. */
public final class ExplanationJson {

    private ExplanationJson() {}

    /** The fields {@code because}, {@code force_rules} and {@code findings} of the present object. */
    public static void write(JsonGenerator json, Explanation explanation) throws IOException {
        json.writeStringField("because", explanation.because());
        writeFindings(json, "force_rules", explanation.rules());
        writeFindings(json, "findings", explanation.policies());
    }

    private static void writeFindings(JsonGenerator json, String field, List<PolicyFinding> findings)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (PolicyFinding finding : findings) {
            json.writeStartObject();
            json.writeStringField("policy", finding.vote().policy());
            json.writeStringField("vote", finding.vote().vote().name());
            json.writeStringField("part", finding.part().name());
            writeFinding(json, finding.finding());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeFinding(JsonGenerator json, Finding finding) throws IOException {
        json.writeStringField("definition", finding.definition());
        json.writeStringField("answer", finding.answer().name());
        json.writeStringField("threshold", th(finding.threshold()));
        json.writeStringField("why", finding.why());
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : finding.evidence()) {
            json.writeStartObject();
            json.writeStringField("span_id", spanId(evidence));
            json.writeStringField("span_name", evidence.spanName());
            json.writeStringField("service", evidence.service());
            json.writeStringField("found", evidence.found());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("parts");
        for (Finding part : finding.parts()) {
            json.writeStartObject();
            json.writeStringField("policy", part.name());
            writeFinding(json, part);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Hex of the span's id. */
    public static String spanId(Evidence evidence) {
        return String.format(Locale.ROOT, "%016x", evidence.spanId());
    }

    /** The threshold as in tracestate; null where there is none to show. */
    public static @Nullable String th(@Nullable Threshold threshold) {
        return threshold == null || threshold.equals(Threshold.NEVER) ? null : threshold.th();
    }
}
