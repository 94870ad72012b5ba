package dev.tailsampling.policy;

/** A sampler that hashes the trace id. */
public sealed interface TraceIdHash {

    /**
     * The Collector's: FNV-1a, 64 bits, over the salt and the id.
     *
     * @param salt text, not empty
     * @param percentage share that is kept; at most 0 none, at least 100 all
     * @param unlessTraceState whether a trace with {@code rv} or {@code th} in its tracestate is decided by its randomness
     *     instead
     */
    record Fnv(String salt, double percentage, boolean unlessTraceState) implements TraceIdHash {}

    /**
     * Refinery's deterministic sampler: SHA-1 over the id as text and a fixed salt.
     *
     * @param rate one in this many is kept; 1 or less keeps all
     */
    record Sha1(int rate) implements TraceIdHash {}
}
