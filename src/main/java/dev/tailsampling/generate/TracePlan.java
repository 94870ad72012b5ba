package dev.tailsampling.generate;

import dev.tailsampling.trace.TraceId;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is settled about an ordinary trace before its first span; derived anew from its number whenever it is needed.
 *
 * @param rank the trace's place among all by size, 0 … 1; large traces tend to take long
 * @param spans number of spans
 * @param bursts number of bursts, at most one a span
 * @param failing number of the span that fails, or -1
 * @param late whether some spans are sent late
 * @param entry what the root does
 */
record TracePlan(TraceIdentity identity, double rank, int spans, int bursts, int failing, boolean late,
        Operation entry) {

    private static final int TRAITS = 1;
    private static final int SPANS = 2;
    private static final int FIRST_BURST = 3;
    private static final int NONE = -1;

    private static final long RANDOMNESS_MASK = (1L << 56) - 1;
    private static final int RANDOMNESS_DIGITS = 14;

    static TracePlan of(TraceLoad load, ServiceCatalog catalog, long number) {
        long key = Dice.key(load.seed(), number);
        Dice dice = new Dice(Dice.key(key, TRAITS));
        Profile profile = load.profile();
        double rank = dice.share();
        int spans = profile.shape().spans(rank, dice);
        boolean inTail = spans > profile.shape().spans().max();
        return new TracePlan(identity(key, profile.content().shares(), dice),
                inTail ? 1 - rank / 10 : rank,
                spans,
                Math.min(spans, profile.shape().bursts(dice)),
                dice.chance(profile.content().shares().errors()) ? dice.below(spans) : NONE,
                dice.chance(profile.delivery().lateShare()),
                catalog.entry(dice));
    }

    /** The low half of an id is the trace's key, and distinct numbers have distinct keys: no two traces share one. */
    private static TraceIdentity identity(long key, SpanContent.Shares shares, Dice dice) {
        long high = dice.next();
        boolean isShort = dice.chance(shares.shortIds());
        return new TraceIdentity(new TraceId(isShort ? 0 : high, key), traceState(shares, dice), Dice.key(key, SPANS));
    }

    private static @Nullable String traceState(SpanContent.Shares shares, Dice dice) {
        long randomness = dice.next() & RANDOMNESS_MASK;
        return dice.chance(shares.randomValues())
                ? "ot=rv:" + HexFormat.of().toHexDigits(randomness, RANDOMNESS_DIGITS)
                : null;
    }

    /** Number of the first span of a burst; after the last burst, the number of spans. */
    int firstSpan(int burst) {
        return (int) ((long) spans * burst / bursts);
    }

    /** Random numbers of one burst. */
    Dice dice(int burst) {
        return new Dice(Dice.key(identity.id().low(), FIRST_BURST + burst));
    }
}
