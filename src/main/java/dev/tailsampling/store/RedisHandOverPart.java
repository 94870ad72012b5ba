package dev.tailsampling.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * A part of a trace that was handed over, as Redis holds it: 8 bytes cycle, 1 byte length of the policy set's version, that
 * version, the summary.
 */
record RedisHandOverPart(long cycle, String policySet, byte[] summary) {

    private static final int HEADER_BYTES = Long.BYTES + 1;

    byte[] bytes() {
        byte[] version = policySet.getBytes(UTF_8);
        if (version.length > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("a policy set's version has at most 127 bytes: " + policySet);
        }
        return ByteBuffer.allocate(HEADER_BYTES + version.length + summary.length)
                .putLong(cycle).put((byte) version.length).put(version).put(summary).array();
    }

    /**
     * Reads those bytes.
     *
     * @throws IllegalArgumentException if they are too few
     */
    static RedisHandOverPart parse(byte[] bytes) {
        int versionBytes = bytes.length < HEADER_BYTES ? 0 : bytes[Long.BYTES];
        if (versionBytes < 0 || bytes.length < HEADER_BYTES + versionBytes) {
            throw new IllegalArgumentException("these " + bytes.length + " bytes are too few for a part");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long cycle = buffer.getLong();
        byte[] version = new byte[buffer.get()];
        byte[] summary = new byte[bytes.length - HEADER_BYTES - versionBytes];
        buffer.get(version).get(summary);
        return new RedisHandOverPart(cycle, new String(version, UTF_8), summary);
    }
}
