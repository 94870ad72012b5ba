package dev.tailsampling.config;

import java.util.regex.Pattern;

/** Looks at regular expressions, which are searched for in a text, not matched against all of it. */
final class RegexLint {

    private static final Pattern PLAIN = Pattern.compile("[\\pL\\pN_/:@ -]*");
    private static final Pattern ANYTHING = Pattern.compile("\\^?(\\.[*+]\\??)?\\$?");
    private static final Pattern DOT_BETWEEN_WORDS = Pattern.compile("(^|[^\\\\])\\pL+\\.\\pL");

    private final LintFindings findings;

    RegexLint(LintFindings findings) {
        this.findings = findings;
    }

    void check(Origin origin, String expression) {
        if (ANYTHING.matcher(expression).matches()) {
            findings.warn(origin, "regex-anything", "the expression " + expression + " is found in every text, so any "
                    + "value matches: say exists in a match policy");
            return;
        }
        String inner = expression.substring(expression.startsWith("^") ? 1 : 0,
                expression.length() - (expression.endsWith("$") && !expression.endsWith("\\$") ? 1 : 0));
        if (PLAIN.matcher(inner).matches()) {
            plain(origin, expression, inner);
        } else if (inner.startsWith(".*") || inner.endsWith(".*") && !inner.endsWith("\\.*")) {
            findings.hint(origin, "regex-dot-star", "an expression is searched for anywhere, so .* at its ends does "
                    + "nothing but cost time: leave it out");
        }
        if (DOT_BETWEEN_WORDS.matcher(inner).find()) {
            findings.hint(origin, "regex-dot", "the dot in " + expression + " matches any character: write \\. for a "
                    + "dot");
        }
    }

    private void plain(Origin origin, String expression, String inner) {
        boolean whole = expression.length() == inner.length() + 2;
        findings.hint(origin, "regex-plain", whole
                ? "the expression " + expression + " is a plain text: compare for equality, which is faster"
                : "the expression " + expression + " is a plain text that is found within longer ones, too: compare "
                        + "for equality, or say contains, starts_with or ends_with in a match policy");
    }
}
