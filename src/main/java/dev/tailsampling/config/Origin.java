package dev.tailsampling.config;

/** Where something was written, for messages: "config.yaml, line 3, column 5" or "environment variable TSS_X". */
record Origin(String text) {

    /** A place in a file; line and column are counted from 1. */
    static Origin inFile(String file, int line, int column) {
        return new Origin(file + ", line " + line + ", column " + column);
    }

    static Origin ofVariable(String name) {
        return new Origin("environment variable " + name);
    }

    @Override
    public String toString() {
        return text;
    }
}
