package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingTraceStateTest {

    private static final long HIGHEST = (1L << 56) - 1;

    private static String outgoing(String header, String randomness, String decided) {
        Threshold threshold = decided == null ? null : Threshold.parse(decided);
        return new OutgoingTraceState(Threshold.parse(randomness).value(), threshold).of(header);
    }

    /** Of an incoming header, R and the decision's threshold; the first six are the Collector's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            ''                        | f | 8 | ot=th:8
            ''                        | f | 0 | ot=th:0
            ot=rv:abcdef01234567      | 0 | 8 | ot=rv:abcdef01234567;th:8
            ot=th:c                   | f | 8 | ot=th:c
            ot=th:8                   | f | c | ot=th:c
            a=1,ot=x:y,b=2            | f | 0 | ot=th:0;x:y,a=1,b=2
            ot=th:0                   | 0 | 0 | ot=th:0
            ot=th:8                   | f | 0 | ot=th:8
            b=1, ot=th:80             | f | 8 | b=1, ot=th:80
            b=1, ot=th:80             | f | 9 | ot=th:9,b=1
            ot=th:8                   | 7 | 0 | ''
            ot=th:8;rv:ffffffffffffff | 7 | 0 | ot=th:8;rv:ffffffffffffff
            ot=th:8;rv:00000000000000 | f | 0 | ot=rv:00000000000000
            b=1,ot=th:8;x:y           | 7 | 4 | ot=x:y,b=1
            ''                        | f | - | ''
            ot=th:8                   | f | - | ''
            ot=th:8;x:y,b=1           | f | - | ot=x:y,b=1
            b=1                       | f | - | b=1
            """)
    void eachSpanTellsItsProbability(String header, String randomness, String decided, String expected) {
        assertThat(outgoing(header, randomness, decided)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ot=not_a_valid_key$", "ot=rv:3;th:8", "=", "ot=th:8,BAD=1", "x"})
    void malformedHeader_stays(String header) {
        assertThat(outgoing(header, "f", "c")).isNull();
        assertThat(outgoing(header, "f", null)).isNull();
    }

    /** A threshold that is not told is unknown; one that stays behind would be wrong. */
    @Test
    void whereThereIsNoRoom_noThresholdIsTold() {
        String full = "ot=x:" + "y".repeat(254);
        String members = "k=v,".repeat(31) + "k=v";
        String nearlyFull = "ot=th:8;x:" + "y".repeat(248);

        assertThat(outgoing(full, "f", "c")).isEqualTo(full);
        assertThat(outgoing(members, "f", "c")).isEqualTo(members);
        assertThat(outgoing(nearlyFull, "f", "c")).isEqualTo(nearlyFull.replace("th:8", "th:c"));
        assertThat(outgoing(nearlyFull, "f", "cccc")).isEqualTo(nearlyFull.replace("th:8;", ""));
    }

    /** Whatever comes in: never lower, nothing else lost, and a second time changes nothing more. */
    @Test
    void neverLowerAndNothingElseChanges() {
        SplittableRandom random = new SplittableRandom(6);
        int raised = 0;
        for (int i = 0; i < 50_000; i++) {
            String header = RandomTraceState.header(random);
            long randomness = random.nextLong(1L << 56);
            Threshold decided = random.nextInt(10) == 0
                    ? null
                    : new Threshold(random.nextLong(randomness + 1) & -1L << random.nextInt(57));
            OutgoingTraceState rule = new OutgoingTraceState(randomness, decided);
            String outgoing = rule.of(header);

            TraceState before = TraceState.parse(header);
            assertThat(outgoing == null).as(header).isEqualTo(before == null);
            if (before != null) {
                TraceState after = TraceState.parse(outgoing);
                assertThat(after.with(after.ot().withoutThreshold())).as(header)
                        .isEqualTo(before.with(before.ot().withoutThreshold()));
                raised += checkNotLower(before.ot(), after.ot(), decided, header);
                if (isConsistent(after.ot(), randomness)) {
                    assertThat(rule.of(outgoing)).as("a second time, %s", header).isEqualTo(outgoing);
                }
            }
        }
        assertThat(raised).isGreaterThan(5_000);
    }

    private static boolean isConsistent(OtelTraceState ot, long randomness) {
        long known = ot.rv() == null ? randomness : ot.randomness();
        return ot.threshold() != null && ot.threshold().keeps(known);
    }

    private static int checkNotLower(OtelTraceState before, OtelTraceState after, Threshold decided, String header) {
        Threshold outgoing = after.threshold();
        if (outgoing == null) {
            return 0;
        }
        assertThat(decided).as(header).isNotNull().isLessThanOrEqualTo(outgoing);
        Threshold incoming = before.threshold();
        if (incoming != null) {
            assertThat(outgoing).as(header).isGreaterThanOrEqualTo(incoming);
        }
        return outgoing.equals(incoming) ? 0 : 1;
    }

    @Test
    void aThresholdOfAllDigitsFits() {
        Threshold finest = new Threshold(HIGHEST);

        assertThat(new OutgoingTraceState(HIGHEST, finest).of("")).isEqualTo("ot=th:ffffffffffffff");
    }
}
