package dev.tailsampling.policy;

import org.jspecify.annotations.Nullable;

/**
 * The locations that hold a trace's spans: the one found last, and the set of those found before. Traces that are open at
 * the same time mostly have spans in the same files, so that they share a set: each remembers the set that grew out of it
 * last. Immutable but for that memory, which is safe to lose or to race for.
 */
final class LocationSet {

    /** No location yet. */
    static final LocationSet NONE = new LocationSet(null, -1);

    private final @Nullable LocationSet others;
    private final int newest;
    private @Nullable LocationSet lastGrown;

    private LocationSet(@Nullable LocationSet others, int newest) {
        this.others = others;
        this.newest = newest;
    }

    /** A set of locations, none of which comes twice, in that order. */
    static LocationSet ofDistinct(int[] locations) {
        LocationSet all = NONE;
        for (int location : locations) {
            all = all.grown(location);
        }
        return all;
    }

    /** The location that was found first, -1 if there is none. */
    int first() {
        LocationSet set = this;
        while (set.others != null && set.others != NONE) {
            set = set.others;
        }
        return set.newest;
    }

    /** This set and that location; this set itself if it has it. */
    LocationSet with(int location) {
        return contains(location) ? this : grown(location);
    }

    private LocationSet grown(int location) {
        LocationSet grown = lastGrown;
        if (grown == null || grown.newest != location) {
            grown = new LocationSet(this, location);
            lastGrown = grown;
        }
        return grown;
    }

    /** Spans come file by file, so the newest location is the likeliest. */
    private boolean contains(int location) {
        for (LocationSet set = this; set != null; set = set.others) {
            if (set.newest == location) {
                return true;
            }
        }
        return false;
    }

    /** This set and all of that one. */
    LocationSet withAll(LocationSet more) {
        LocationSet all = this;
        for (int location : more.toArray()) {
            all = all.with(location);
        }
        return all;
    }

    /** Each location once, in the order in which they were found. */
    int[] toArray() {
        int size = 0;
        for (LocationSet set = this; set.others != null; set = set.others) {
            size++;
        }
        int[] locations = new int[size];
        for (LocationSet set = this; set.others != null; set = set.others) {
            locations[--size] = set.newest;
        }
        return locations;
    }
}
