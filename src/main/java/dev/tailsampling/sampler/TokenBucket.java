package dev.tailsampling.sampler;

/**
 * The tokens of a {@link RateLimit}. Starts full. Two ways of use:
 * <ul>
 * <li>by windows: {@link #refill} to the window's start, {@link #availableTokens} is the budget of a
 * {@link BatchThreshold}, and {@link #spend} what it kept;
 * <li>greedily: {@link #tryTake} for each trace in the order of decisions, as Go's {@code rate.Limiter} does it.
 * </ul>
 * Counts in thousandths of a token, of which a rate yields whole numbers each millisecond: nothing is ever rounded. Not
 * thread-safe.
 */
public final class TokenBucket {

    private static final char KIND = 'B';
    private static final long NOT_STARTED = Long.MIN_VALUE;
    private static final long UNIT = 1000;

    private final RateLimit limit;
    private long thousandths;
    private long refilledMillis = NOT_STARTED;

    TokenBucket(RateLimit limit) {
        this.limit = limit;
        this.thousandths = capacity();
    }

    /**
     * Adds the tokens of the time since the last refill.
     *
     * @param timeMillis since the epoch; earlier than in a call before, it adds nothing
     */
    public void refill(long timeMillis) {
        if (refilledMillis != NOT_STARTED && timeMillis > refilledMillis && limit.tokensPerSecond() > 0) {
            long missing = capacity() - thousandths;
            long elapsed = timeMillis - refilledMillis;
            boolean fills = elapsed > missing / limit.tokensPerSecond();
            thousandths += fills ? missing : elapsed * limit.tokensPerSecond();
        }
        refilledMillis = Math.max(refilledMillis, timeMillis);
    }

    /** Whole tokens that can be spent now. */
    public long availableTokens() {
        return thousandths / UNIT;
    }

    /** The largest cost that can ever be paid. */
    public long burstCapacity() {
        return limit.burstCapacity();
    }

    /**
     * Takes tokens out.
     *
     * @throws IllegalArgumentException if the cost is negative or more than there is
     */
    public void spend(long cost) {
        Checks.require(cost >= 0 && cost <= availableTokens(), "cannot spend %s tokens, for there are fewer", cost);
        thousandths -= cost * UNIT;
    }

    /**
     * Refills, and takes tokens out if there are enough.
     *
     * @param cost 0 or more
     * @return whether they were taken; never for more than the capacity
     */
    public boolean tryTake(long cost, long timeMillis) {
        refill(timeMillis);
        boolean enough = cost <= availableTokens();
        if (enough) {
            spend(cost);
        }
        return enough;
    }

    /** The whole state, to be read by {@link RateLimit#restore}. */
    public byte[] snapshot() {
        StateWriter writer = new StateWriter(KIND);
        writer.number(thousandths);
        writer.number(refilledMillis);
        return writer.finish();
    }

    void restore(byte[] snapshot) {
        StateReader reader = new StateReader(snapshot, KIND);
        thousandths = Math.min(reader.number(), capacity());
        refilledMillis = reader.number();
        reader.finish();
    }

    private long capacity() {
        return limit.burstCapacity() * UNIT;
    }
}
