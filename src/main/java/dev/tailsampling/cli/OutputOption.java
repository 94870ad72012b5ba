package dev.tailsampling.cli;

import picocli.CommandLine.Option;

/** {@code --output text|json}. */
final class OutputOption {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.text;

    OutputFormat format() {
        return format;
    }
}
