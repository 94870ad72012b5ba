package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A good policies file, damaged at random. */
class PolicyFileDamageTest {

    /** Whatever is done to a good file, it is read or refused in one line. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void damagedFile_isReadOrRefused(long seed) {
        String good =
                """
                        tail_sampling:
                          decision_wait: 10s
                          policies:
                            - {name: a, type: latency, latency: {threshold_ms: 5000, upper_threshold_ms: 0}}
                            - {name: b, type: numeric_attribute, numeric_attribute: {key: k, min_value: 50}}
                            - {name: c, type: string_attribute, string_attribute: {key: k, values: [a*]}}
                            - {name: d, type: and, and: {and_sub_policy: [{name: e, type: probabilistic,
                               probabilistic: {sampling_percentage: 10}}]}}
                            - {name: f, type: not, not: {not_sub_policy: {name: g, type: status_code,
                               status_code: {status_codes: [ERROR]}}}}
                        """;
        SplittableRandom random = new SplittableRandom(seed);
        Map<Boolean, Integer> outcomes = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            String damaged = damage(good, random);
            outcomes.merge(isRefused(damaged, seed), 1, Integer::sum);
        }
        // Else the damage would be too great or too small to tell anything.
        assertThat(outcomes).containsKeys(true, false);
    }

    private static String damage(String text, SplittableRandom random) {
        return IntStream.rangeClosed(0, random.nextInt(3)).boxed().reduce(text, (damaged, i) -> {
            int from = random.nextInt(damaged.length());
            int to = Math.min(damaged.length(), from + random.nextInt(12));
            String piece = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> damaged.substring(to, Math.min(damaged.length(), to + 8));
                case 2 -> random.ints(3, ' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
                default -> "\n";
            };
            return damaged.substring(0, from) + piece + damaged.substring(to);
        }, (a, b) -> b);
    }

    private static boolean isRefused(String yaml, long seed) {
        try {
            new PolicyFile("p.yaml", yaml).parse();
            return false;
        } catch (PolicyException e) {
            if (e.getMessage().contains("\n")) {
                throw new AssertionError("more than a sentence, seed " + seed + ": " + e.getMessage());
            }
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ", file:\n" + yaml, e);
        }
    }
}
