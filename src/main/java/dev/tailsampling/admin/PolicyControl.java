package dev.tailsampling.admin;

import dev.tailsampling.selector.PolicyActivation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The policies that this instance and its like decide with. Thread-safe. */
public interface PolicyControl {

    /**
     * What would change if a text became the policies.
     *
     * @param version of the text's policy set; the current one's if nothing would change
     * @param warnings what is allowed but probably not meant, one sentence each
     * @param added names of policies that the current set does not have
     * @param removed names of policies that only the current set has
     * @param changed names of policies that both have, but not alike
     */
    record Difference(String version, List<String> warnings, List<String> added, List<String> removed,
            List<String> changed) {

        public Difference {
            warnings = List.copyOf(warnings);
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            changed = List.copyOf(changed);
        }
    }

    /**
     * How a text would decide on the traces that arrived lately in one table.
     *
     * @param table "namespace.table"
     * @param from spans that arrived from then on, inclusive, were looked at
     * @param until spans that arrived before then were looked at
     * @param traces traces with spans among them
     * @param sampledNow of these the current policies sample so many
     * @param sampledThen and the text's so many
     * @param onlyNow sampled by the current ones only
     * @param onlyThen sampled by the text's only
     */
    record Effect(String table, Instant from, Instant until, long traces, long sampledNow, long sampledThen,
            long onlyNow, long onlyThen) {}

    /** The newest activation: what is decided with, behind the force rules. */
    PolicyActivation current();

    /** The newest activations, newest first. */
    List<PolicyActivation> history(int limit);

    /**
     * Checks a text (YAML or JSON, as a policies file).
     *
     * @throws dev.tailsampling.config.PolicyException if it cannot be used; one sentence with the place and the remedy
     */
    Difference compare(String text);

    /**
     * Decides on the traces that arrived within the window before the newest ones of each sampled table, by both sets.
     *
     * @throws dev.tailsampling.config.PolicyException if the text cannot be used
     * @throws java.io.UncheckedIOException if a table cannot be read
     */
    List<Effect> effects(String text, Duration window);

    /**
     * Makes a text the policies to decide with, from the next cycle of each instance on.
     *
     * @param known number of the activation that the caller replaces
     * @return empty if there is a newer activation than the known
     * @throws dev.tailsampling.config.PolicyException if the text cannot be used
     */
    Optional<PolicyActivation> activate(long known, String author, String text);
}
