package dev.tailsampling.selector;

/** What is known after an attempt to export: done, refused, or nobody knows. */
public sealed interface ExportOutcome {

    /**
     * The destination has taken the batch.
     *
     * @param rejectedSpans spans of it that it, or one of several, said it would not keep (OTLP partial success)
     * @param lostSpans those of them that no other destination took, either
     * @param message what it said about them, may be empty
     */
    record Exported(long rejectedSpans, long lostSpans, String message) implements ExportOutcome {

        /** From the only destination. */
        public Exported(long rejectedSpans, String message) {
            this(rejectedSpans, rejectedSpans, message);
        }
    }

    /** The destination will never take it; trying again is useless. */
    record Refused(String reason) implements ExportOutcome {}

    /** It may or may not have arrived, or the destination is away; to be tried again, spans may arrive twice. */
    record Unknown(String reason) implements ExportOutcome {}
}
