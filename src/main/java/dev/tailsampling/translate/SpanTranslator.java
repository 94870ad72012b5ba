package dev.tailsampling.translate;

/** Turns spans in one encoding into OTLP. Not thread-safe. */
@FunctionalInterface
public interface SpanTranslator {

    /**
     * The spans as an {@code ExportTraceServiceRequest}; the same array where nothing had to change.
     *
     * @throws dev.tailsampling.otlp.MalformedOtlpException if the bytes are not of this encoding; one sentence says why
     */
    byte[] toOtlp(byte[] bytes);
}
