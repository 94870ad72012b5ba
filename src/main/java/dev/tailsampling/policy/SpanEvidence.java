package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which spans of one trace show what the policies found in it. Of several that show the same it remembers the one that
 * started first, of these the one of lowest id, so that the order of the spans does not matter; a span without a start
 * comes after all others. Tests every condition on every span: for explanations, not for the stream. Mutable, not
 * thread-safe.
 */
public final class SpanEvidence {

    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final List<SpanTest> tests;
    private final Sought[] byTest;
    private final Sought[] byStatus = sought(StatusCode.values().length);
    private final Sought root = new Sought();
    private final Sought earliest = new Sought();
    private final Sought latest = new Sought();

    /** Of the conditions, numbered by their place in the list. */
    SpanEvidence(List<SpanTest> conditions) {
        this.tests = conditions;
        this.byTest = sought(conditions.size());
    }

    private static Sought[] sought(int count) {
        return Stream.generate(Sought::new).limit(count).toArray(Sought[]::new);
    }

    /** Takes in one more span of the trace. */
    public void add(SpanView span) {
        for (int bit = 0; bit < byTest.length; bit++) {
            SpanTest test = tests.get(bit);
            if (test.test(span)) {
                byTest[bit].offer(span, startRank(span), found -> SpanWitness.passing(test, found));
            }
        }
        byStatus[span.status().ordinal()].offer(span, startRank(span),
                found -> "span.status = \"" + found.status() + "\"");
        if (span.isRoot()) {
            root.offer(span, startRank(span), found -> "it has no parent");
        }
        if (span.startUnixNano() != 0) {
            earliest.offer(span, span.startUnixNano(), found -> "earliest start " + instant(found.startUnixNano()));
        }
        if (span.endUnixNano() != 0) {
            latest.offer(span, -span.endUnixNano(), found -> "latest end " + instant(found.endUnixNano()));
        }
    }

    private static long startRank(SpanView span) {
        return span.startUnixNano() == 0 ? Long.MAX_VALUE : span.startUnixNano();
    }

    private static Instant instant(long unixNano) {
        return Instant.ofEpochSecond(Math.floorDiv(unixNano, NANOS_PER_SECOND),
                Math.floorMod(unixNano, NANOS_PER_SECOND));
    }

    /** A span that passed the condition of that number. */
    List<Evidence> ofCondition(int bit) {
        return of(byTest[bit]);
    }

    /** For each of the status codes in the mask, a span that has it. */
    List<Evidence> ofStatuses(int mask) {
        return Arrays.stream(StatusCode.values()).filter(code -> (mask & 1 << code.ordinal()) != 0)
                .flatMap(code -> of(byStatus[code.ordinal()]).stream()).toList();
    }

    /** The spans from the first of which to the last of which a trace lasts. */
    List<Evidence> ofDuration() {
        return of(earliest, latest);
    }

    /** A root span. */
    List<Evidence> ofRoot() {
        return of(root);
    }

    private static List<Evidence> of(Sought... all) {
        List<Evidence> found = new ArrayList<>();
        for (Sought sought : all) {
            if (sought.best != null) {
                found.add(sought.best);
            }
        }
        return found;
    }

    /** The best span so far for one question. */
    private static final class Sought {
        private @Nullable Evidence best;
        private long bestRank;

        void offer(SpanView span, long rank, Function<SpanView, String> text) {
            Evidence known = best;
            if (known != null && !isBefore(rank, span.spanId(), bestRank, known.spanId())) {
                return;
            }
            best = new Evidence(span.spanId(), span.name(),
                    span.resource().get(SERVICE_NAME) instanceof StringValue name ? name.value() : "",
                    text.apply(span));
            bestRank = rank;
        }

        private static boolean isBefore(long rank, long id, long otherRank, long otherId) {
            return rank < otherRank || rank == otherRank && Long.compareUnsigned(id, otherId) < 0;
        }
    }
}
