package dev.tailsampling.cli;

import dev.tailsampling.config.ForceSamplingConfig;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ActiveRules;
import dev.tailsampling.store.RedisRuleFeed;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The force rules that apply at the moment, for all tables of a process: looked at every
 * {@code force_sampling.poll_interval_secs}, and as soon as another instance tells of a change. Thread-safe.
 */
final class LiveRules implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);

    private final ActiveRules active;
    private final boolean enabled;
    private final @Nullable RedisRuleFeed feed;

    private LiveRules(Workspace workspace) {
        ForceSamplingConfig config = workspace.config().forceSampling();
        this.active = new ActiveRules(workspace.forceRules(), config.pollInterval(), workspace.clock());
        this.enabled = config.enabled();
        this.feed = workspace.shared().map(shared -> shared.ruleFeed(this::changed)).orElse(null);
    }

    /** Begins to listen, where there is somebody to listen to. */
    static LiveRules start(Workspace workspace) {
        return new LiveRules(workspace);
    }

    /** Called by the listener, which must not wait. */
    private void changed() {
        active.refresh();
        Thread.startVirtualThread(this::look);
    }

    private void look() {
        try {
            // Not what is known while a cycle is asking: the line would tell of the rules before the change.
            int count = enabled ? active.await().size() : 0;
            LOG.atInfo().setMessage("force rules").addKeyValue("revision", active.revision())
                    .addKeyValue("active", count).log();
        } catch (UncheckedIOException e) {
            LOG.debug("the force rules are read at the next poll", e);
        }
    }

    /** In the order in which they are asked; none where the configuration wants none. */
    List<ForceRule> now() {
        return enabled ? active.now() : List.of();
    }

    /** Ids of all rules, whether they apply at the moment or not. */
    Set<String> ids() {
        return active.ids();
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
    }
}
