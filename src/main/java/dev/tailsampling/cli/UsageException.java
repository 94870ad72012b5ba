package dev.tailsampling.cli;

/** The arguments are wrong; the message is one sentence for the user. Exit code 2. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
