package dev.tailsampling.cli;

/** Exit codes of every command. */
final class ExitCode {

    /** Done. */
    static final int OK = 0;
    /** Something failed; standard error says what. */
    static final int FAILED = 1;
    /** The arguments, the configuration or the policies are wrong; nothing was done. */
    static final int USAGE = 2;

    private ExitCode() {}
}
