package dev.tailsampling.export;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only in pauses, which it counts. */
final class ManualClock implements InstantSource, Pause {

    private final List<Duration> pauses = new ArrayList<>();
    private Instant now;

    ManualClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void of(Duration duration) {
        pauses.add(duration);
        now = now.plus(duration);
    }

    /** The pauses so far. */
    List<Duration> pauses() {
        return pauses;
    }
}
