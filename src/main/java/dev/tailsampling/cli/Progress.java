package dev.tailsampling.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Progress of long work: one line on a terminal that is written over, a line now and then elsewhere. Not thread-safe.
 */
final class Progress implements AutoCloseable {

    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration IN_A_LOG = Duration.ofSeconds(10);
    private static final int BAR = 30;
    /** The clock is not asked for every span. */
    private static final int CHECK_EVERY = 1024;
    private static final double UNKNOWN = -1;

    private final Console console;
    private final InstantSource clock;
    private final String what;
    private final String unit;
    private final long total;
    private final Instant began;
    private Instant shown;
    private long done;
    private int unchecked;
    /** Share of the work that is done, where it is told; else it follows from the total. */
    private double share = UNKNOWN;
    private double shareAtFirst = UNKNOWN;

    /**
     * Begins.
     *
     * @param what what is being done, "loading"
     * @param unit what is counted, "spans"
     * @param total how much there is, 0 if unknown
     */
    Progress(Console console, InstantSource clock, String what, String unit, long total) {
        this.console = console;
        this.clock = clock;
        this.what = what;
        this.unit = unit;
        this.total = total;
        this.began = clock.instant();
        this.shown = began;
    }

    void add(long count) {
        done += count;
        if (++unchecked >= CHECK_EVERY || count >= CHECK_EVERY) {
            unchecked = 0;
            showIfDue();
        }
    }

    /** Tells the share of the work that is done, 0 to 1; what was done when it is told first was done before. */
    void reached(double done) {
        share = done;
        shareAtFirst = shareAtFirst == UNKNOWN ? done : shareAtFirst;
        showIfDue();
    }

    private void showIfDue() {
        Instant now = clock.instant();
        Duration interval = console.terminal() == Console.Terminal.YES ? ON_TERMINAL : IN_A_LOG;
        if (Duration.between(shown, now).compareTo(interval) >= 0) {
            shown = now;
            show(now);
        }
    }

    private void show(Instant now) {
        double seconds = Math.max(0.001, Duration.between(began, now).toMillis() / 1000.0);
        String line = String.format(Locale.ROOT, "%s %s%,d %s, %,.0f/s%s", what, bar(), done, unit, done / seconds,
                left(seconds));
        if (console.terminal() == Console.Terminal.YES) {
            console.err().print("\r\u001b[K" + line);
        } else {
            console.err().println(line);
        }
        console.err().flush();
    }

    private String bar() {
        if (total <= 0 && share == UNKNOWN) {
            return "";
        }
        double shown = share == UNKNOWN ? Math.min(1, (double) done / total) : share;
        int filled = (int) (BAR * shown);
        return "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " + (int) (100 * shown) + " % ";
    }

    /** As long as so far, for each share of what is left. */
    private String left(double seconds) {
        if (share <= shareAtFirst) {
            return "";
        }
        long left = Math.round(seconds * (1 - share) / (share - shareAtFirst));
        return String.format(Locale.ROOT, ", %d:%02d:%02d left", left / 3600, left / 60 % 60, left % 60);
    }

    @Override
    public void close() {
        if (console.terminal() == Console.Terminal.YES && shown.isAfter(began)) {
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
    }
}
