package dev.tailsampling.config;

/**
 * Where something was written, for messages: "config.yaml, line 3, column 5" or "environment variable TSS_X".
 *
 * @param source file or variable
 * @param line counted from 1; 0 for a source without lines
 * @param column counted from 1; 0 for a source without lines
 */
record Origin(String source, int line, int column) {

    /** A source without lines, or a place in it that is not known. */
    Origin(String source) {
        this(source, 0, 0);
    }

    /** A place in a file; line and column are counted from 1. */
    static Origin inFile(String file, int line, int column) {
        return new Origin(file, line, column);
    }

    static Origin ofVariable(String name) {
        return new Origin("environment variable " + name);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ", line " + line + ", column " + column;
    }
}
