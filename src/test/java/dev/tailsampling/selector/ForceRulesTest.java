package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.store.MemoryForceRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForceRulesTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private Instant now = NOON;
    private final MemoryForceRules store = new MemoryForceRules(() -> now);
    private final ForceRules rules = new ForceRules(store, () -> now, "ann");

    private static ForceRuleRequest request(Duration lifetime) {
        return new ForceRuleRequest("", lifetime, 0,
                SpanMatch.of(List.of(), List.of(new Matcher("k", Operator.EXISTS, List.of()))),
                new ForceRule.Action.ForceDrop());
    }

    @Test
    void newRuleAppliesFromNowOnInWholeMilliseconds() {
        now = NOON.plusNanos(1_999_999);

        ForceRule rule = rules.add(request(DAY), "r1");

        assertThat(rule.createdAt()).isEqualTo(NOON.plusMillis(1));
        assertThat(rule.expiresAt()).isEqualTo(NOON.plusMillis(1).plus(DAY));
        assertThat(rule.isActive(now)).isTrue();
        assertThat(rules.list()).containsExactly(rule);
        assertThat(rules.changes("r1")).extracting(RuleChange::author).containsExactly("ann");
    }

    @Test
    void lifetimeIsFromOneSecondToThirtyDays() {
        assertThat(request(Duration.ofSeconds(1)).lifetime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(request(Duration.ofDays(30)).lifetime()).isEqualTo(Duration.ofDays(30));
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofSeconds(-1),
                Duration.ofDays(30).plusMillis(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> request(wrong))
                    .withMessageStartingWith("duration_secs must be from 1 to 2592000");
        }
    }

    @Test
    void thereAreAtMostAThousandRules() {
        for (int i = 0; i < ForceRules.MAX_RULES; i++) {
            rules.add(request(DAY), "r" + i);
        }

        assertThatExceptionOfType(ForceRuleException.class).isThrownBy(() -> rules.add(request(DAY), "one more"))
                .withMessageContaining("1000 force rules already");
    }

    @Test
    void idsAreUsedOnce() {
        rules.add(request(DAY), "r1");

        assertThatExceptionOfType(ForceRuleException.class).isThrownBy(() -> rules.add(request(DAY), "r1"));
    }

    @Test
    void extendedRuleEndsLater() {
        rules.add(request(DAY), "r1");

        assertThat(rules.extend("r1", Duration.ofSeconds(5)).orElseThrow().expiresAt())
                .isEqualTo(NOON.plus(DAY).plusSeconds(5));
        assertThat(rules.extend("unknown", DAY)).isEmpty();
    }

    @Test
    void expiredRuleIsExtendedFromNow() {
        rules.add(request(DAY), "r1");
        now = NOON.plus(DAY.multipliedBy(3));

        assertThat(rules.extend("r1", DAY).orElseThrow().expiresAt()).isEqualTo(now.plus(DAY));
    }

    @Test
    void noRuleLastsLongerThanThirtyDaysFromNow() {
        rules.add(request(DAY), "r1");

        for (Duration wrong : List.of(Duration.ZERO, DAY.negated(), Duration.ofDays(29).plusMillis(1),
                Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatExceptionOfType(ForceRuleException.class).isThrownBy(() -> rules.extend("r1", wrong))
                    .withMessageContaining("30 days from now");
        }
        assertThat(rules.extend("r1", Duration.ofDays(29)).orElseThrow().expiresAt())
                .isEqualTo(NOON.plus(Duration.ofDays(30)));
    }

    @Test
    void disabledRuleCanBeEnabled() {
        rules.add(request(DAY), "r1");

        assertThat(rules.disable("r1").orElseThrow().isActive(now)).isFalse();
        assertThat(rules.enable("r1").orElseThrow().isActive(now)).isTrue();
        assertThat(rules.enable("unknown")).isEmpty();
        assertThat(rules.disable("unknown")).isEmpty();
        assertThat(rules.changes("r1")).extracting(RuleChange::kind).containsExactly(RuleChange.Kind.ADDED,
                RuleChange.Kind.DISABLED, RuleChange.Kind.ENABLED);
    }

    @Test
    void cleaningUpDeletesWhatHasExpired() {
        rules.add(request(DAY), "short");
        rules.add(request(DAY.multipliedBy(2)), "long");
        rules.disable("long");
        now = NOON.plus(DAY);

        assertThat(rules.cleanUp()).isEqualTo(1);
        assertThat(rules.list()).extracting(ForceRule::id).containsExactly("long");
        assertThat(rules.delete("long")).isTrue();
        assertThat(rules.delete("long")).isFalse();
        assertThat(rules.get("long")).isEmpty();
    }

    @Test
    void activeRulesAreAskedForNowAndThen() {
        ActiveRules active = new ActiveRules(store, Duration.ofSeconds(5), () -> now);
        assertThat(active.now()).isEmpty();
        ForceRule rule = rules.add(request(Duration.ofSeconds(8)), "r1");

        assertThat(active.now()).as("within the poll interval").isEmpty();
        now = NOON.plusSeconds(5);
        assertThat(active.now()).containsExactly(rule);
        rules.disable("r1");
        now = NOON.plusSeconds(7);
        assertThat(active.now()).as("within the poll interval").containsExactly(rule);
        now = NOON.plusSeconds(8);
        assertThat(active.now()).as("expired, and that needs no poll").isEmpty();
        rules.enable("r1");
        rules.extend("r1", DAY);
        now = NOON.plusSeconds(10);
        assertThat(active.now()).hasSize(1);
        rules.delete("r1");
        now = NOON.minusSeconds(1);
        assertThat(active.now()).as("a clock that was set back").isEmpty();
    }
}
