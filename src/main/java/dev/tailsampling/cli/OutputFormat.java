package dev.tailsampling.cli;

/** How results are printed. */
enum OutputFormat {
    /** For people. */
    text,
    /** One JSON object a line, for machines. */
    json
}
