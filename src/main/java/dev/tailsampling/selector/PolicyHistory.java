package dev.tailsampling.selector;

import dev.tailsampling.selector.PolicyActivation.Origin;
import java.util.List;
import java.util.Optional;

/**
 * The policy sets that were activated, in their order; the newest is the one to decide with. Failures are
 * {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface PolicyHistory {

    /**
     * Adds an activation, unless the newest one is another than the caller knows.
     *
     * @param known number of the newest activation that the caller knows, 0 for none
     * @return the activation; empty if the newest is another than the known
     */
    Optional<PolicyActivation> activate(long known, Origin origin, String author, String version, String text);

    /** The newest activation. */
    Optional<PolicyActivation> newest();

    /** The newest activation of that origin. */
    Optional<PolicyActivation> newest(Origin origin);

    /** The newest activations, newest first. */
    List<PolicyActivation> list(int limit);
}
