package dev.tailsampling.cli;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.function.UnaryOperator;

/** A stack trace as text of which each line begins with a tab, so that none can pass for a log line of its own. */
final class StackText {

    private final UnaryOperator<String> message;
    private final StringBuilder text = new StringBuilder();

    private StackText(UnaryOperator<String> message) {
        this.message = message;
    }

    /**
     * The trace of a failure, its causes included.
     *
     * @param message how messages are shown
     */
    static String of(IThrowableProxy failure, UnaryOperator<String> message) {
        StackText stack = new StackText(message);
        stack.add("", failure);
        return stack.text.toString();
    }

    private void add(String relation, IThrowableProxy failure) {
        text.append('\t').append(relation).append(failure.getClassName());
        if (failure.getMessage() != null) {
            text.append(": ").append(message.apply(failure.getMessage()));
        }
        text.append('\n');
        StackTraceElementProxy[] frames = failure.getStackTraceElementProxyArray();
        int own = frames.length - failure.getCommonFrames();
        for (int i = 0; i < own; i++) {
            text.append("\t\t").append(frames[i].getSTEAsString()).append('\n');
        }
        if (own < frames.length) {
            text.append("\t\t... ").append(failure.getCommonFrames()).append(" more\n");
        }
        for (IThrowableProxy suppressed : failure.getSuppressed()) {
            add("Suppressed: ", suppressed);
        }
        if (failure.getCause() != null) {
            add("Caused by: ", failure.getCause());
        }
    }
}
