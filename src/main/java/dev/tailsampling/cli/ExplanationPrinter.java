package dev.tailsampling.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.policy.Evidence;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.trace.Threshold;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints explanations of decisions, for people and as JSON: the same in every command. */
final class ExplanationPrinter {

    private static final String STEP = "  ";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private ExplanationPrinter() {}

    /** The fields {@code because}, {@code force_rules} and {@code findings} of the present object. */
    static void writeJson(JsonGenerator json, Explanation explanation) throws IOException {
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

    /** An indented tree; begins with a line of its own. */
    static void writeText(PrintWriter out, Explanation explanation, String indent) {
        line(out, indent + "because " + explanation.because());
        explanation.rules().forEach(rule -> writeText(out, rule, indent));
        explanation.policies().forEach(policy -> writeText(out, policy, indent));
    }

    private static void writeText(PrintWriter out, PolicyFinding finding, String indent) {
        String mark = switch (finding.part()) {
            case DECIDED -> "> ";
            case VOTED -> "  ";
            case NOT_ASKED -> "- ";
        };
        line(out, String.format(Locale.ROOT, "%s%s%-18s %s", indent, mark, finding.vote().vote(),
                headline(finding.finding()) + (finding.part() == PolicyFinding.Part.NOT_ASKED ? " (not asked)" : "")));
        writeDetails(out, finding.finding(), indent + STEP + STEP);
    }

    private static void writeDetails(PrintWriter out, Finding finding, String indent) {
        if (!finding.why().isEmpty()) {
            line(out, indent + finding.why());
        }
        finding.evidence().forEach(evidence -> line(out, indent + sentence(evidence)));
        for (Finding part : finding.parts()) {
            line(out, indent + answer(part) + " " + headline(part));
            writeDetails(out, part, indent + STEP);
        }
    }

    private static String headline(Finding finding) {
        return finding.name() + (finding.definition().isEmpty() ? "" : ": " + finding.definition())
                + (th(finding.threshold()) == null ? "" : ", threshold " + th(finding.threshold()));
    }

    private static String answer(Finding finding) {
        return switch (finding.answer()) {
            case MATCHES -> "yes";
            case DOES_NOT_MATCH -> "no ";
            case ERROR -> "err";
            case DEPENDS_ON_OTHER_TRACES -> "?  ";
        };
    }

    private static String sentence(Evidence evidence) {
        return "span " + spanId(evidence) + " \"" + evidence.spanName() + "\""
                + (evidence.service().isEmpty() ? "" : " of " + evidence.service()) + ": " + evidence.found();
    }

    /** What spans say of themselves must not move the cursor. */
    private static void line(PrintWriter out, String text) {
        out.println(CONTROL.matcher(text).replaceAll("?"));
    }

    private static String spanId(Evidence evidence) {
        return String.format(Locale.ROOT, "%016x", evidence.spanId());
    }

    private static @Nullable String th(@Nullable Threshold threshold) {
        return threshold == null || threshold.equals(Threshold.NEVER) ? null : threshold.th();
    }
}
