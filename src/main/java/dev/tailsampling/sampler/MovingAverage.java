package dev.tailsampling.sampler;

import java.time.Duration;

/**
 * How a sampler remembers the traffic of past intervals: as an exponential moving average of each key's count. Names and
 * defaults are Refinery's.
 *
 * @param adjustmentInterval how often the average takes in the counts; whole milliseconds
 * @param weight of the newest interval, 0 (exclusive) … 1; 1 forgets all others
 * @param ageOutValue a key whose average falls below is forgotten, 0 (exclusive) … 1
 * @param burstMultiple when an interval has this many times the traffic of the average, the average takes it in at once
 * and a new interval begins; negative for never
 * @param burstDetectionDelay number of intervals that must have ended before a burst can be found; 0 or more
 */
public record MovingAverage(Duration adjustmentInterval, double weight, double ageOutValue, double burstMultiple,
        int burstDetectionDelay) {

    /** What Refinery takes when nothing is set. */
    public static final MovingAverage DEFAULT = ofWeight(Duration.ofSeconds(15), 0.5);

    public MovingAverage {
        Checks.wholeMillis("adjustment interval", adjustmentInterval);
        Checks.require(weight > 0 && weight <= 1, "weight must be above 0 and at most 1, not %s", weight);
        Checks.require(ageOutValue > 0 && ageOutValue <= 1, "age out value must be above 0 and at most 1, not %s",
                ageOutValue);
        Checks.require(burstMultiple > 0 || burstMultiple < 0, "burst multiple must be above 0, or below 0 for no burst"
                + " detection, not %s", burstMultiple);
        Checks.require(burstDetectionDelay >= 0, "burst detection delay must be 0 or more intervals, not %s",
                burstDetectionDelay);
    }

    /** With Refinery's defaults for the rest; a key is forgotten when its average falls below the weight. */
    public static MovingAverage ofWeight(Duration adjustmentInterval, double weight) {
        return new MovingAverage(adjustmentInterval, weight, weight, 2, 3);
    }

    /** Only the last interval counts, and nothing is a burst. */
    static MovingAverage ofLastInterval(Duration interval) {
        return new MovingAverage(interval, 1, 1, -1, 0);
    }

    long intervalMillis() {
        return adjustmentInterval.toMillis();
    }

    double average(double old, double newest) {
        return newest * weight + (1 - weight) * old;
    }
}
