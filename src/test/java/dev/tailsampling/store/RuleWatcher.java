package dev.tailsampling.store;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ActiveRules;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/** A process of its own that prints the ids of the force rules in force whenever it hears of a change. */
final class RuleWatcher {

    /** So long that rules are never noticed by polling. */
    private static final Duration POLL_INTERVAL = Duration.ofDays(1);

    private RuleWatcher() {}

    /** Ends when it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        Semaphore changes = new Semaphore(0);
        try (RedisState state = RedisState.open(RedisSettings.of(arguments[0]))) {
            SharedForceRules rules = state.forceRules(new MemoryForceRules(Instant::now), new ForceRuleJson(),
                    SharedForceRulesTest.CHANNEL, Instant::now);
            ActiveRules active = new ActiveRules(rules, POLL_INTERVAL, Instant::now);
            try (RedisRuleFeed feed = state.ruleFeed(SharedForceRulesTest.CHANNEL, () -> {
                active.refresh();
                changes.release();
            })) {
                while (true) {
                    changes.acquire();
                    System.out.println("in force: " + active.now().stream().map(ForceRule::id).toList());
                }
            }
        }
    }
}
