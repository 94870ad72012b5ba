package dev.tailsampling.selector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process that sampled tables, from its start to its end.
 *
 * @param runId unique
 * @param instance name of the instance, {@code app.instance_id}
 * @param host where it ran
 * @param version of the program
 * @param tables what it was to sample, in words
 * @param startedAt when it began
 * @param endedAt when it ended; null while it runs, and of one that was killed
 * @param ending how it ended, in words
 */
public record InstanceRun(String runId, String instance, String host, String version, String tables, Instant startedAt,
        @Nullable Instant endedAt, @Nullable String ending) {}
