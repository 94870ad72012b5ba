package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.RuleChange;
import dev.tailsampling.trace.Threshold;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of force rules does. Its clock stands at {@link DecisionRecords#NOON}. */
abstract class ForceRuleStoreContract {

    static final Instant NOW = DecisionRecords.NOON;
    private static final String ANN = "ann";

    /** The same rules at each call, none at first. */
    abstract ForceRuleStore rules();

    static ForceRule rule(String id, int priority) {
        return new ForceRule(id, "it's \"" + id + "\"", priority,
                SpanMatch.of(List.of(new Matcher("service.name", Operator.EXISTS, List.of())), List.of()),
                new ForceRule.Action.ForceKeep(Threshold.ofShare(0.25)), Instant.ofEpochMilli(1_001),
                Instant.ofEpochMilli(2_002), true);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(rules().list()).isEmpty();
        assertThat(rules().revision()).isZero();
        assertThat(rules().get("r1")).isEmpty();
        assertThat(rules().changes("r1")).isEmpty();
    }

    @Test
    void listsInTheOrderInWhichRulesAreAsked() {
        rules().add(rule("b", 1), ANN);
        rules().add(rule("c", 9), ANN);
        rules().add(rule("a", 1), ANN);

        assertThat(rules().list()).containsExactly(rule("c", 9), rule("a", 1), rule("b", 1));
        assertThat(rules().get("a")).contains(rule("a", 1));
    }

    @Test
    void anIdIsAddedOnce() {
        assertThat(rules().add(rule("a", 1), ANN)).isTrue();
        long revision = rules().revision();

        assertThat(rules().add(rule("a", 2), ANN)).isFalse();
        assertThat(rules().list()).containsExactly(rule("a", 1));
        assertThat(rules().revision()).isEqualTo(revision);
    }

    @Test
    void changesOneRule() {
        rules().add(rule("a", 1), ANN);
        rules().add(rule("b", 1), ANN);
        ForceRule disabled = rule("a", 1).withEnabled(false);

        assertThat(rules().change("a", RuleChange.Kind.DISABLED, rule -> rule.withEnabled(false), "bob"))
                .contains(disabled);
        assertThat(rules().list()).containsExactly(disabled, rule("b", 1));
    }

    @Test
    void refusedChangeChangesNothing() {
        rules().add(rule("a", 1), ANN);
        long revision = rules().revision();

        assertThatIllegalStateException()
                .isThrownBy(() -> rules().change("a", RuleChange.Kind.EXTENDED, rule -> {
                    throw new IllegalStateException("no");
                }, ANN));
        assertThat(rules().list()).containsExactly(rule("a", 1));
        assertThat(rules().revision()).isEqualTo(revision);
    }

    @Test
    void whatIsNotThereIsNeitherChangedNorDeleted() {
        assertThat(rules().change("a", RuleChange.Kind.ENABLED, rule -> rule, ANN)).isEmpty();
        assertThat(rules().delete("a", ANN)).isFalse();
        assertThat(rules().revision()).isZero();
    }

    @Test
    void deletedRuleIsGoneAndItsIdIsFree() {
        rules().add(rule("a", 1), ANN);

        assertThat(rules().delete("a", ANN)).isTrue();
        assertThat(rules().list()).isEmpty();
        assertThat(rules().get("a")).isEmpty();
        assertThat(rules().add(rule("a", 2), ANN)).isTrue();
    }

    @Test
    void everyChangeIsOnRecordForGood() {
        rules().add(rule("a", 1), ANN);
        rules().change("a", RuleChange.Kind.EXTENDED, rule -> rule.withExpiresAt(NOW), "bob");
        rules().add(rule("b", 1), ANN);
        rules().delete("a", "eve");

        ForceRule extended = rule("a", 1).withExpiresAt(NOW);
        assertThat(rules().changes("a")).containsExactly(new RuleChange(NOW, ANN, RuleChange.Kind.ADDED, rule("a", 1)),
                new RuleChange(NOW, "bob", RuleChange.Kind.EXTENDED, extended),
                new RuleChange(NOW, "eve", RuleChange.Kind.DELETED, extended));
    }

    @Test
    void revisionGrowsWithEveryChange() {
        rules().add(rule("a", 1), ANN);
        long added = rules().revision();
        rules().change("a", RuleChange.Kind.ENABLED, rule -> rule, ANN);
        long changed = rules().revision();
        rules().delete("a", ANN);

        assertThat(added).isPositive();
        assertThat(changed).isGreaterThan(added);
        assertThat(rules().revision()).isGreaterThan(changed);
    }
}
