package dev.tailsampling.cli;

import dev.tailsampling.admin.ExplanationJson;
import dev.tailsampling.policy.Evidence;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.PolicyFinding;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Prints explanations of decisions for people: the same in every command. */
final class ExplanationPrinter {

    private static final String STEP = "  ";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private ExplanationPrinter() {}

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
                + (ExplanationJson.th(finding.threshold()) == null
                        ? ""
                        : ", threshold " + ExplanationJson.th(finding.threshold()));
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
        return "span " + ExplanationJson.spanId(evidence) + " \"" + evidence.spanName() + "\""
                + (evidence.service().isEmpty() ? "" : " of " + evidence.service()) + ": " + evidence.found();
    }

    /** What spans say of themselves must not move the cursor. */
    private static void line(PrintWriter out, String text) {
        out.println(CONTROL.matcher(text).replaceAll("?"));
    }
}
