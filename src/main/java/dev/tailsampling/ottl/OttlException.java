package dev.tailsampling.ottl;

/** A text that is no condition, or one that asks for a path or function that does not exist. */
public final class OttlException extends IllegalArgumentException {

    private final int column;

    OttlException(String problem, String text, int offset) {
        super("at column " + (offset + 1) + " of " + text + ": " + problem);
        this.column = offset + 1;
    }

    /** Where in the text the problem is, in characters, from 1. */
    public int column() {
        return column;
    }
}
