package dev.tailsampling.cli;

/** The command cannot do what was asked; the message is one sentence for the user. Exit code 1. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
