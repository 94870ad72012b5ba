package dev.tailsampling.datadog;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stats of ten seconds. Holds at most three times as many groups as are wanted: what is too much goes to groups
 * without their resource, and what is still too much to one group for each environment. (The Agent sets no limit; tracers
 * do, and collapse groups in the same way: {@code BucketCardinalityLimits} in datadog-agent,
 * {@code pkg/trace/stats/statsraw.go}.) Not thread-safe while it is filled, unchanging afterwards.
 */
public final class ApmBucket {

    /** Length in nanoseconds. */
    static final long NANOS = 10_000_000_000L;

    private final long startUnixNano;
    private final int maxGroups;
    private final Map<ApmKey, ApmCounts> groups = new LinkedHashMap<>();

    ApmBucket(long startUnixNano, int maxGroups) {
        this.startUnixNano = startUnixNano;
        this.maxGroups = maxGroups;
    }

    /** Start in nanoseconds since the epoch, a multiple of the length. */
    long startUnixNano() {
        return startUnixNano;
    }

    Map<ApmKey, ApmCounts> groups() {
        return groups;
    }

    /** The counts of a group, or of the one that it is collapsed into. */
    ApmCounts counts(ApmKey key) {
        ApmCounts counts = groups.get(key);
        if (counts != null || groups.size() < maxGroups) {
            return counts == null ? begin(key) : counts;
        }
        ApmKey service = key.withoutResource();
        counts = groups.get(service);
        if (counts != null || groups.size() < 2 * maxGroups) {
            return counts == null ? begin(service) : counts;
        }
        return groups.computeIfAbsent(key.withoutAnything(), first -> new ApmCounts());
    }

    private ApmCounts begin(ApmKey key) {
        ApmCounts counts = new ApmCounts();
        groups.put(key, counts);
        return counts;
    }
}
