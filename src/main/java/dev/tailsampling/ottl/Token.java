package dev.tailsampling.ottl;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a condition's text.
 *
 * @param text as written; of a string, what is between the quotes with escapes resolved
 * @param offset where it begins in the condition's text
 */
record Token(Type type, String text, int offset) {

    /** Kinds of tokens; a WORD is a keyword, a part of a path, an enum's symbol or a function's name. */
    enum Type {
        BYTES, FLOAT, INT, STRING, WORD, SYMBOL, END
    }

    boolean is(Type wanted) {
        return type == wanted;
    }

    boolean isSymbol(String wanted) {
        return type == Type.SYMBOL && text.equals(wanted);
    }

    boolean isWord(String wanted) {
        return type == Type.WORD && text.equals(wanted);
    }

    /** The arithmetic operator that the token is, or null. */
    @Nullable
    MathOperator mathOperator() {
        return type == Type.SYMBOL ? MathOperator.ofSymbol(text) : null;
    }

    /** The comparison that the token is, or null. */
    @Nullable
    ComparisonOperator comparison() {
        return type == Type.SYMBOL ? ComparisonOperator.ofSymbol(text) : null;
    }

    /** The token in an error message. */
    String described() {
        return type == Type.END ? "the end" : "'" + text + "'";
    }
}
