package dev.tailsampling.policy;

import org.jspecify.annotations.Nullable;

/**
 * The locations that hold a trace's spans: the one found last, and the set of those found before. Traces that are open at
 * the same time mostly have spans in the same files, so that they share a set: each remembers the set that grew out of it
 * last. Immutable but for that memory, which is safe to lose or to race for.
 *
 * <p>Locations mostly come in ascending order, so each set knows whether its newest one is greater than all others: then no
 * more than that need be looked at to tell that a greater one is not there. There are many sets, so the sign bit says it.
 */
final class LocationSet {

    /** No location yet. */
    static final LocationSet NONE = new LocationSet(null, -1);

    private static final int IS_GREATEST = Integer.MIN_VALUE;

    private final @Nullable LocationSet others;
    /** The location, with the sign bit if it is the greatest of all. */
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
        return set.others == null ? -1 : set.location();
    }

    /** Whether the location that was found first is less than this one. */
    boolean beginsBefore(int location) {
        LocationSet set = this;
        while (set.others != null && set.others != NONE) {
            if (set.isGreatest() && set.location() <= location) {
                return true;
            }
            set = set.others;
        }
        return set.others != null && set.location() < location;
    }

    private int location() {
        return newest & ~IS_GREATEST;
    }

    private boolean isGreatest() {
        return newest < 0;
    }

    /** This set and that location; this set itself if it has it. */
    LocationSet with(int location) {
        return contains(location) ? this : grown(location);
    }

    private LocationSet grown(int location) {
        LocationSet grown = lastGrown;
        if (grown == null || grown.location() != location) {
            grown = new LocationSet(this, isBelow(location) ? location | IS_GREATEST : location);
            lastGrown = grown;
        }
        return grown;
    }

    /** Spans come file by file, so the newest location is the likeliest. */
    private boolean contains(int location) {
        for (LocationSet set = this; set.others != null && !set.isAllBelow(location); set = set.others) {
            if (set.location() == location) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is plain to see that all locations are less than this one. */
    private boolean isAllBelow(int location) {
        return isGreatest() && location() < location;
    }

    /** Whether all locations are less than this one: that depends on the greatest. */
    private boolean isBelow(int location) {
        LocationSet set = this;
        while (set.others != null && !set.isGreatest()) {
            set = set.others;
        }
        return set.others == null || set.location() < location;
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
            locations[--size] = set.location();
        }
        return locations;
    }
}
