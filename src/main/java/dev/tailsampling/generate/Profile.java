package dev.tailsampling.generate;

import dev.tailsampling.generate.SpanContent.Database;
import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.generate.SpanContent.Shares;
import dev.tailsampling.generate.TraceShape.Pauses;
import dev.tailsampling.generate.TraceShape.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the traces of a load look like and how they are sent. Immutable.
 *
 * @param name what the profile is called
 * @param shape spans and durations of the traces
 * @param content what is in the spans
 * @param delivery how the spans are sent
 * @param specials traces of known ids besides the load's own ones, at most one of each kind
 */
public record Profile(String name, TraceShape shape, SpanContent content, Delivery delivery,
        List<SpecialTrace> specials) {

    private static final Quantiles ORDINARY_SPANS = Quantiles.from(1).to(0.05, 12).to(0.1, 15).to(0.2, 23).to(0.25, 33)
            .to(0.3, 33).to(0.4, 44).to(0.5, 76).to(0.75, 76).to(0.8, 136).to(0.9, 170).to(0.95, 181).to(1, 200);
    private static final Quantiles ORDINARY_MILLIS = Quantiles.from(12).to(0.05, 25).to(0.1, 34).to(0.2, 99)
            .to(0.3, 128).to(0.4, 163).to(0.5, 203).to(0.6, 329).to(0.7, 446).to(0.8, 876).to(0.9, 2_088)
            .to(0.95, 2_622).to(0.99, 4_543).to(0.999, 7_340).to(1, 100_348);
    private static final Quantiles SHORT_SILENCES = Quantiles.from(5).to(0.5, 34).to(1, 600);
    private static final Shares ORDINARY_SHARES = new Shares(0.2, 0.02, 0.01);
    private static final Delivery ORDINARY_DELIVERY =
            Delivery.EXACT.withLate(0.01, Delivery.EXACT.lateDelay()).withDuplicates(0.0057);

    public Profile {
        specials = List.copyOf(specials);
        if (specials.stream().map(SpecialTrace::id).distinct().count() < specials.size()) {
            throw new IllegalArgumentException("at most one special trace of a kind: " + specials);
        }
    }

    private Profile(String name, TraceShape shape, SpanContent content, Delivery delivery) {
        this(name, shape, content, delivery, List.of());
    }

    /**
     * Traces as found in the wild, which is the default. From the 2475 Train-Ticket traces of the Nezha set come
     * <ul>
     * <li>spans a trace: p5 12, p10 15, p25 33, p50 76, p75 76, p90 170, p95 181, p99 200;
     * <li>durations in ms, of traces that do not pause: p5 25, p10 34, p50 203, p90 2088, p95 2622, p99 4543, p99.9 7340;
     * <li>28 services, calls at most 15 deep, 0.84 of the spans with a parent in the same service;
     * <li>errors in a share of 0.20 of the traces, a share of 0.0057 of the spans sent twice.
     * </ul>
     * Traces of 1 to 11 spans, the attributes, and with them about 250 bytes a span, follow the set of OpenTelemetry
     * agents (258 bytes); the longest duration and the middle silence are those of Zipkin's set (100 s and 34 s).
     *
     * <p>Not from data, since the real sets hold too little of it: 1 trace in 1000 has up to 20,000 spans, 1 in 200
     * pauses, 1 in 100 has spans that are sent more than two minutes late, 1 in 50 has a 64-bit id, 1 in 100 an
     * explicit randomness.
     */
    public static Profile mixed() {
        return new Profile("mixed",
                new TraceShape(ORDINARY_SPANS, new Tail(0.001, 20_000), ORDINARY_MILLIS,
                        new Pauses(0.005, 3, SHORT_SILENCES)),
                new SpanContent(28, Detail.USUAL, new Database(0.06, 8), ORDINARY_SHARES), ORDINARY_DELIVERY);
    }

    /** A few short spans, 1 to 8, in time and once: cheap, for millions of traces. 1 trace in 50 has an error. */
    public static Profile small() {
        return new Profile("small",
                new TraceShape(Quantiles.from(1).to(0.5, 3).to(1, 8), Tail.NONE,
                        Quantiles.from(1).to(0.5, 20).to(0.99, 500).to(1, 2_000), Pauses.NONE),
                new SpanContent(5, Detail.LEAN, new Database(0.3, 2), new Shares(0.02, 0, 0)), Delivery.EXACT);
    }

    /** Mostly SQL statements with literals that differ, up to 120 of a kind in a row below one parent. */
    public static Profile sql() {
        return new Profile("sql",
                new TraceShape(Quantiles.from(5).to(0.5, 80).to(0.9, 250).to(1, 400), new Tail(0.001, 20_000),
                        ORDINARY_MILLIS, Pauses.NONE),
                new SpanContent(12, Detail.USUAL, new Database(0.15, 120), ORDINARY_SHARES), ORDINARY_DELIVERY);
    }

    /** Traces of 2 to 8 bursts with silences of 1 to 50 minutes: they last from minutes to hours. */
    public static Profile longLasting() {
        return new Profile("long",
                new TraceShape(Quantiles.from(16).to(0.5, 24).to(0.9, 60).to(1, 150), Tail.NONE, ORDINARY_MILLIS,
                        new Pauses(1, 8, Quantiles.from(60).to(0.5, 600).to(0.9, 2_400).to(1, 3_000))),
                new SpanContent(12, Detail.USUAL, new Database(0.15, 4), ORDINARY_SHARES), ORDINARY_DELIVERY);
    }

    /** Many attributes: 13 a resource, 8 to 10 a span, about 1 KB a span in all. */
    public static Profile attributes() {
        return new Profile("attributes", new TraceShape(ORDINARY_SPANS, Tail.NONE, ORDINARY_MILLIS, Pauses.NONE),
                new SpanContent(28, Detail.RICH, new Database(0.06, 8), ORDINARY_SHARES), ORDINARY_DELIVERY);
    }

    /** Large traces: half have more than 300 spans, 1 in 10 has 2,000 to 20,000. */
    public static Profile wide() {
        return new Profile("wide",
                new TraceShape(Quantiles.from(50).to(0.5, 300).to(1, 2_000), new Tail(0.1, 20_000), ORDINARY_MILLIS,
                        Pauses.NONE),
                new SpanContent(28, Detail.USUAL, new Database(0.05, 14), ORDINARY_SHARES), ORDINARY_DELIVERY);
    }

    /** All named profiles, the default one first. */
    public static List<Profile> all() {
        return List.of(mixed(), small(), sql(), longLasting(), attributes(), wide());
    }

    /**
     * The profile of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile named(String name) {
        return all().stream().filter(profile -> profile.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no profile \"" + name + "\"; there are " + all().stream().map(Profile::name).toList()));
    }

    /** The same with another shape. */
    public Profile with(TraceShape other) {
        return new Profile(name, other, content, delivery, specials);
    }

    /** The same with another content. */
    public Profile with(SpanContent other) {
        return new Profile(name, shape, other, delivery, specials);
    }

    /** The same with another delivery. */
    public Profile with(Delivery other) {
        return new Profile(name, shape, content, other, specials);
    }

    /** The same with one more trace, {@link TraceGenerator#GIANT_ID}, of exactly so many spans. */
    public Profile withGiant(int spans) {
        return with(new SpecialTrace.Giant(spans));
    }

    /** The same with one more trace, {@link TraceGenerator#MARATHON_ID}, of this duration and with such silences. */
    public Profile withMarathon(Duration total, Duration silence) {
        return with(new SpecialTrace.Marathon(total, silence));
    }

    private Profile with(SpecialTrace special) {
        List<SpecialTrace> others = new ArrayList<>(specials);
        others.removeIf(other -> other.id().equals(special.id()));
        others.add(special);
        return new Profile(name, shape, content, delivery, others);
    }
}
