package dev.tailsampling.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is remembered of one source: written last, as a whole, so that it never promises what is not there.
 *
 * @param newestCycle the newest cycle of which every decision is in the segments, 0 if none
 * @param segments oldest first; only the last one is added to
 */
record RedisIndex(long newestCycle, List<RedisSegment> segments) {

    static final RedisIndex EMPTY = new RedisIndex(0, List.of());

    RedisIndex {
        segments = List.copyOf(segments);
    }

    static RedisIndex parse(String text) {
        List<String> lines = text.lines().toList();
        return lines.isEmpty()
                ? EMPTY
                : new RedisIndex(Long.parseLong(lines.getFirst()),
                        lines.stream().skip(1).map(RedisSegment::parse).toList());
    }

    String text() {
        return newestCycle + segments.stream().map(segment -> "\n" + segment.text()).collect(Collectors.joining());
    }

    /** The newest segment if it may be added to, else one that follows it. */
    RedisSegment writable(String newId, long nowMillis, Duration length) {
        if (segments.isEmpty()) {
            return RedisSegment.first(newId, nowMillis);
        }
        RedisSegment newest = segments.getLast();
        return newest.isOpen(nowMillis, length) ? newest : newest.next(newId, nowMillis, length);
    }

    /** Those of the other segments, newest first. */
    List<RedisSegment> others(RedisSegment segment) {
        return segments.reversed().stream().filter(other -> !other.id().equals(segment.id())).toList();
    }

    /** With that cycle and segment, without segments that were opened before. */
    RedisIndex with(long cycle, RedisSegment written, long openedBeforeMillis) {
        List<RedisSegment> all = new ArrayList<>(segments);
        all.removeIf(segment -> segment.id().equals(written.id()) || segment.openedMillis() < openedBeforeMillis);
        all.add(written);
        return new RedisIndex(cycle, all);
    }
}
