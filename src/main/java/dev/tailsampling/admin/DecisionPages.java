package dev.tailsampling.admin;

import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionFilter.ArrivalRange;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.DecisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the decision ledger, the newest traces first. The ledger is read in windows of arrival time that grow as they
 * go back, so that a page of recent traces reads recent files only; of each window only as many rows are kept as the page
 * has room for. When that takes long, the page ends early, and the next one goes on.
 */
final class DecisionPages {

    /** Windows are begun for so long. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long FIRST_WINDOW_MILLIS = Duration.ofMinutes(15).toMillis();
    private static final int GROWTH = 4;

    private final DecisionLog ledger;
    private final InstantSource clock;

    DecisionPages(DecisionLog ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * One page.
     *
     * @param next where the next one begins; null if there is none
     */
    record Page(List<DecisionRecord> decisions, @Nullable DecisionCursor next) {}

    /**
     * Reads a page.
     *
     * @param from of traces whose first span arrived then or later; null for all
     * @param until of traces whose first span arrived before; null for all
     * @param after where the page before ended; null for the first page
     * @param limit size of the page
     */
    Page page(DecisionFilter filter, @Nullable Instant from, @Nullable Instant until, @Nullable DecisionCursor after,
            int limit) {
        long first = from == null ? 0 : Math.max(0, millis(from));
        long last = last(until, after);
        Instant began = clock.instant();
        PriorityQueue<DecisionRecord> found = newestOf();
        long window = firstWindow(after);
        while (last >= first && found.size() <= limit) {
            long oldest = Math.max(first, Math.min(last, clock.millis()) - window);
            read(filter.withFirstArrival(new ArrivalRange(oldest, last)), after, limit, found);
            last = oldest - 1;
            window *= GROWTH;
            if (last >= first && found.size() <= limit && clock.instant().isAfter(began.plus(PATIENCE))) {
                return new Page(newestFirst(found), DecisionCursor.before(oldest));
            }
        }
        if (found.size() <= limit) {
            return new Page(newestFirst(found), null);
        }
        found.poll();
        List<DecisionRecord> page = newestFirst(found);
        return new Page(page, DecisionCursor.of(page.getLast()));
    }

    /** Where a page ended early, little is there: as wide as all that was searched before, and more. */
    private long firstWindow(@Nullable DecisionCursor after) {
        return after == null || after.row() != null
                ? FIRST_WINDOW_MILLIS
                : Math.max(FIRST_WINDOW_MILLIS, GROWTH * Math.max(0, clock.millis() - after.firstArrivalMillis()));
    }

    private static long last(@Nullable Instant until, @Nullable DecisionCursor after) {
        long last = until == null ? Long.MAX_VALUE : millis(until.minusMillis(1));
        if (after == null) {
            return last;
        }
        return Math.min(last, after.row() == null ? after.firstArrivalMillis() - 1 : after.firstArrivalMillis());
    }

    /** Times so far away that milliseconds do not reach them are as good as the farthest. */
    private static long millis(Instant time) {
        try {
            return time.toEpochMilli();
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Keeps one row more than the page has, to know whether there is a next page. */
    private void read(DecisionFilter filter, @Nullable DecisionCursor after, int limit,
            PriorityQueue<DecisionRecord> found) {
        ledger.forEach(filter, decision -> {
            if (after == null || DecisionCursor.of(decision).compareTo(after) > 0) {
                found.add(decision);
                if (found.size() > limit + 1) {
                    found.poll();
                }
            }
        });
    }

    /** The oldest is at its head, the first to go. */
    private static PriorityQueue<DecisionRecord> newestOf() {
        return new PriorityQueue<>(Comparator.comparing(DecisionCursor::of).reversed());
    }

    private static List<DecisionRecord> newestFirst(PriorityQueue<DecisionRecord> found) {
        return found.stream().sorted(Comparator.comparing(DecisionCursor::of)).toList();
    }
}
