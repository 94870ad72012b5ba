package dev.tailsampling.export;

/**
 * The {@code partial_success} of an {@code ExportTraceServiceResponse}.
 *
 * @param rejectedSpans spans that were not kept, at least 0
 * @param message why, or a warning when all were kept; may be empty
 */
record PartialSuccess(long rejectedSpans, String message) {

    /** All was taken, without a word. */
    static final PartialSuccess NONE = new PartialSuccess(0, "");

    /**
     * Reads the response. What is no such message counts as {@link #NONE}: the status has said that the spans were
     * taken, and sending them again because of a strange body would only double them.
     */
    static PartialSuccess parse(byte[] response) {
        try {
            ProtoFields fields = new ProtoFields(response);
            PartialSuccess found = NONE;
            while (fields.next()) {
                found = fields.isBytes(1) ? partial(fields.message()) : found;
            }
            return found;
        } catch (IndexOutOfBoundsException e) {
            return NONE;
        }
    }

    private static PartialSuccess partial(ProtoFields fields) {
        long rejected = 0;
        String message = "";
        while (fields.next()) {
            rejected = fields.isNumber(1) ? Math.max(0, fields.number()) : rejected;
            message = fields.isBytes(2) ? fields.string() : message;
        }
        return new PartialSuccess(rejected, message);
    }
}
