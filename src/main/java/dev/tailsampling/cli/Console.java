package dev.tailsampling.cli;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * What the commands write: results on standard output, remarks and progress on standard error, so that results can be
 * piped.
 *
 * @param out results
 * @param err remarks
 * @param terminal whether a person watches standard error
 */
record Console(PrintWriter out, PrintWriter err, Terminal terminal) {

    /** Whether standard error is a terminal. */
    enum Terminal {
        YES, NO
    }

    static Console of(PrintWriter out, PrintWriter err) {
        return new Console(out, err, System.console() != null
                ? Terminal.YES
                : Terminal.NO);
    }

    /** Writes nowhere. */
    static Console silent() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new Console(nowhere, nowhere, Terminal.NO);
    }

    /** The same with results on standard error too: standard output is taken by exported traces. */
    Console withoutStandardOutput() {
        return new Console(err, err, terminal);
    }

    void warn(String sentence) {
        err.println("warning: " + sentence);
        err.flush();
    }

    void say(String line) {
        err.println(line);
        err.flush();
    }
}
