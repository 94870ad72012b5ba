package dev.tailsampling.export;

import java.time.Duration;
import java.util.Optional;

/** Reads the {@code google.rpc.RetryInfo} among the details of a {@code google.rpc.Status}. */
final class RetryInfo {

    private static final String TYPE = "/google.rpc.RetryInfo";
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private RetryInfo() {}

    /**
     * How long the server asks to wait, not negative and at most some decades; empty if the status has no such detail
     * or is none.
     */
    static Optional<Duration> parse(byte[] status) {
        try {
            ProtoFields fields = new ProtoFields(status);
            while (fields.next()) {
                Optional<Duration> found = fields.isBytes(3) ? ofDetail(fields.message()) : Optional.empty();
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** A {@code google.protobuf.Any}. */
    private static Optional<Duration> ofDetail(ProtoFields any) {
        boolean isRetryInfo = false;
        Duration delay = Duration.ZERO;
        while (any.next()) {
            if (any.isBytes(1)) {
                isRetryInfo = any.string().endsWith(TYPE);
            } else if (any.isBytes(2) && isRetryInfo) {
                delay = delay(any.message());
            }
        }
        return isRetryInfo ? Optional.of(delay) : Optional.empty();
    }

    private static Duration delay(ProtoFields retryInfo) {
        Duration delay = Duration.ZERO;
        while (retryInfo.next()) {
            delay = retryInfo.isBytes(1) ? duration(retryInfo.message()) : delay;
        }
        return delay;
    }

    private static Duration duration(ProtoFields fields) {
        long seconds = 0;
        long nanos = 0;
        while (fields.next()) {
            seconds = fields.isNumber(1) ? fields.number() : seconds;
            nanos = fields.isNumber(2) ? fields.number() : nanos;
        }
        return Duration.ofSeconds(Math.clamp(seconds, 0, Integer.MAX_VALUE),
                Math.clamp(nanos, 0, NANOS_PER_SECOND - 1));
    }
}
