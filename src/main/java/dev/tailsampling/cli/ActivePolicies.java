package dev.tailsampling.cli;

import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyException;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.PolicyHistory;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that the instances of a control plane decide with: those that were changed last, in the file of an
 * instance or through the admin API. Thread-safe.
 *
 * <p>A file counts as changed when its text is not the one of the newest activation that came from a file. So a restart
 * with the same file leaves what the API activated as it is, and a new roll-out of the file replaces it.
 */
final class ActivePolicies {

    private static final Logger LOG = LoggerFactory.getLogger(ActivePolicies.class);
    private static final Duration POLL_EVERY = Duration.ofSeconds(5);

    private final PolicyHistory history;
    private final PolicySource source;
    private final String instance;
    private final InstantSource clock;
    private final ReentrantLock polling = new ReentrantLock();
    private volatile Active active;
    private Instant polledAt;
    private String problem = "";

    /** An activation with its policies. */
    record Active(PolicyActivation activation, LoadedPolicies policies) {

        static Active of(PolicyActivation activation) {
            String name = "activation " + activation.number() + " of policies";
            return new Active(activation, parse(name, activation.text()).loaded());
        }
    }

    /** A text that was read, with what its author should know. */
    record Read(ParsedPolicies parsed, String text) {

        LoadedPolicies loaded() {
            return new LoadedPolicies(parsed.set(), text);
        }
    }

    private ActivePolicies(PolicyHistory history, PolicySource source, String instance, InstantSource clock) {
        this.history = history;
        this.source = source;
        this.instance = instance;
        this.clock = clock;
        this.active = withFile(source.policies(), history.newest().orElse(null));
        this.polledAt = clock.instant();
    }

    /**
     * Activates the file's policies if they are new.
     *
     * @param instance who is named as their author
     * @throws UncheckedIOException if the control plane cannot be reached
     * @throws PolicyException if what was activated last cannot be read
     */
    static ActivePolicies start(PolicyHistory history, PolicySource source, String instance, InstantSource clock) {
        return new ActivePolicies(history, source, instance, clock);
    }

    /**
     * The policies of a text.
     *
     * @throws PolicyException if it cannot be used
     */
    static Read parse(String name, String text) {
        return new Read(new PolicyFile(name, text).parse(), text);
    }

    /** What to decide with now. What was activated elsewhere is noticed within {@link #POLL_EVERY}. */
    LoadedPolicies now() {
        return current().policies();
    }

    /** The newest activation that is known. */
    Active current() {
        Instant now = clock.instant();
        if (polling.tryLock()) {
            try {
                if (now.isBefore(polledAt) || !now.isBefore(polledAt.plus(POLL_EVERY))) {
                    poll();
                    // Afterwards: a database that takes longer to fail must not be asked all the time.
                    polledAt = clock.instant();
                }
            } finally {
                polling.unlock();
            }
        }
        return active;
    }

    private void poll() {
        try {
            Optional<LoadedPolicies> changed = source.changed();
            PolicyActivation newest = history.newest().orElse(active.activation());
            Active next = newest.number() == active.activation().number() ? active : Active.of(newest);
            use(changed.isPresent() ? withFile(changed.get(), newest) : next);
            source.taken();
            problem = "";
        } catch (UncheckedIOException | PolicyException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String sentence) {
        if (!sentence.equals(problem)) {
            problem = sentence;
            LOG.warn("the policies stay as they are: {}", sentence);
        }
    }

    /**
     * Makes a text the policies to decide with.
     *
     * @param known number of the activation that it replaces
     * @return empty if there is a newer activation than the known
     */
    Optional<PolicyActivation> activate(long known, String author, String text) {
        PolicySet set = parse("the policies", text).parsed().set();
        Optional<PolicyActivation> added = history.activate(known, Origin.API, author, set.version(), text);
        polling.lock();
        try {
            poll();
        } finally {
            polling.unlock();
        }
        return added;
    }

    private void use(Active next) {
        if (next.activation().number() != active.activation().number()) {
            active = next;
            LOG.atInfo().setMessage("policies activated").addKeyValue("number", next.activation().number())
                    .addKeyValue("version", next.activation().version())
                    .addKeyValue("author", next.activation().author()).log();
        }
    }

    /** Several instances may bring the same file at the same time; one of them activates it. */
    private Active withFile(LoadedPolicies file, @Nullable PolicyActivation newest) {
        PolicyActivation known = newest;
        while (true) {
            if (known != null && fileOf(known).equals(file.text())) {
                return Active.of(known);
            }
            Optional<PolicyActivation> added = history.activate(known == null ? 0 : known.number(), Origin.FILE,
                    instance, file.set().version(), file.text());
            if (added.isPresent()) {
                return new Active(added.get(), file);
            }
            known = history.newest().orElse(null);
        }
    }

    private String fileOf(PolicyActivation newest) {
        return newest.origin() == Origin.FILE
                ? newest.text()
                : history.newest(Origin.FILE).map(PolicyActivation::text).orElse("");
    }
}
