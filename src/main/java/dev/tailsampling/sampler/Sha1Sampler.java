package dev.tailsampling.sampler;

import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One in N traces as Refinery's deterministic sampler picks it: a trace is kept when the first four bytes of the SHA-1 of
 * its id's text and a fixed salt do not exceed (2<sup>32</sup> − 1) / N.
 *
 * @param rate N; 1 or less keeps every trace
 */
public record Sha1Sampler(int rate) {

    private static final String SALT = "5VQ8l2jE5aJLPVqk";
    private static final long MAX_HASH = 0xffff_ffffL;

    /** Whether the trace is kept; its id's text are 32 lower-case hex digits. */
    public boolean keeps(TraceId id) {
        return keeps(id.hex());
    }

    /** Whether the trace is kept whose id was written as this text. */
    public boolean keeps(String idText) {
        return rate <= 1 || hash(idText) <= MAX_HASH / rate;
    }

    private static long hash(String idText) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((idText + SALT).getBytes(StandardCharsets.UTF_8));
            return Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
