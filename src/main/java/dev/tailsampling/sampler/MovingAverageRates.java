package dev.tailsampling.sampler;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** Rates by {@link RateShares} from a {@link MovingAverage} of each key's count. */
final class MovingAverageRates extends KeyedRates {

    private final MovingAverage settings;
    private final boolean forgetsWhenIdle;
    private final int initialRate;
    private final DoubleUnaryOperator goalCount;

    private final SortedMap<String, Double> averages = new TreeMap<>(CodePointOrder.INSTANCE);
    private boolean hasAverages;
    private long endedIntervals;

    // What follows is derived, and not part of a snapshot.
    private Map<String, Integer> rates = Map.of();
    private double burstThreshold;
    private long countedWeight;

    /**
     * @param forgetsWhenIdle whether an interval without traffic clears the averages; else it changes nothing
     * @param initialRate until the first interval has ended
     * @param goalCount total of the averages → how much of it is to be kept
     */
    MovingAverageRates(MovingAverage settings, boolean forgetsWhenIdle, int initialRate, int maxKeys,
            DoubleUnaryOperator goalCount) {
        super(settings.intervalMillis(), maxKeys);
        this.settings = settings;
        this.forgetsWhenIdle = forgetsWhenIdle;
        this.initialRate = initialRate;
        this.goalCount = goalCount;
    }

    @Override
    public SortedMap<String, Integer> ratesInForce() {
        return new TreeMap<>(rates);
    }

    @Override
    int rateOf(String key) {
        return hasAverages ? rates.getOrDefault(key, 1) : initialRate;
    }

    @Override
    void counted(String key, long weight) {
        countedWeight += weight;
        if (burstThreshold > 0 && countedWeight >= burstThreshold && endedIntervals >= settings.burstDetectionDelay()) {
            takeInCounts();
            restartInterval();
        }
    }

    @Override
    void endIntervals(long intervals) {
        // Right after a burst there may be no counts: then nothing is averaged with an interval that was none.
        if (!counts.isEmpty()) {
            takeInCounts();
        }
        if (forgetsWhenIdle && intervals > 1) {
            averages.clear();
            derive();
        }
        endedIntervals += intervals;
    }

    private void takeInCounts() {
        averages.replaceAll((key, average) -> settings.average(average, counts.getOrDefault(key, 0L)));
        counts.forEach((key, count) -> averages.computeIfAbsent(key, unseen -> settings.average(0, count)));
        averages.values().removeIf(average -> average < settings.ageOutValue());
        counts.clear();
        hasAverages = true;
        derive();
    }

    private void derive() {
        double total = RateShares.total(averages);
        rates = RateShares.of(averages, goalCount.applyAsDouble(total));
        burstThreshold = total * settings.burstMultiple();
        countedWeight = counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    char kind() {
        return 'A';
    }

    @Override
    void write(StateWriter writer) {
        writer.number(endedIntervals);
        writer.number(hasAverages ? 1 : 0);
        writer.number(averages.size());
        averages.forEach((key, average) -> {
            writer.text(key);
            writer.fraction(average);
        });
    }

    @Override
    void read(StateReader reader) {
        endedIntervals = reader.number();
        hasAverages = reader.number() == 1;
        for (int left = reader.size(); left > 0; left--) {
            averages.put(reader.text(), reader.fraction());
        }
        derive();
    }
}
