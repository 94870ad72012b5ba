package dev.tailsampling.admin;

import dev.tailsampling.policy.Explanation;
import dev.tailsampling.selector.DecisionRecord;
import java.util.List;

/** Says why a recorded decision was taken. Thread-safe. */
@FunctionalInterface
public interface DecisionExplainer {

    /**
     * An explanation.
     *
     * @param remarks what the explanation cannot say, one sentence each
     */
    record Explained(Explanation explanation, List<String> remarks) {

        public Explained {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Puts the recorded version of the policies to the trace's spans again, as far as its table still has them.
     *
     * @throws java.io.UncheckedIOException if they cannot be read
     */
    Explained explain(DecisionRecord decision);
}
