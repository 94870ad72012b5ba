package dev.tailsampling.config;

import java.util.Comparator;
import java.util.Locale;

/**
 * Something in a policies file that probably does not do what its author expects.
 *
 * @param severity how sure that is
 * @param code short name of the trap, the same in every version
 * @param file the file
 * @param line counted from 1
 * @param column counted from 1
 * @param sentence what happens, and what to write instead
 */
public record LintFinding(Severity severity, String code, String file, int line, int column, String sentence) {

    static final Comparator<LintFinding> BY_PLACE = Comparator.comparingInt(LintFinding::line)
            .thenComparingInt(LintFinding::column).thenComparing(LintFinding::code)
            .thenComparing(LintFinding::sentence);

    /** How sure it is that something is wrong. */
    public enum Severity {
        /** It is hardly ever meant so. */
        WARNING,
        /** It may be meant so. */
        HINT;

        /** In messages. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code FILE:LINE:COL: warning [code] sentence}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + severity.label() + " [" + code + "] " + sentence;
    }
}
