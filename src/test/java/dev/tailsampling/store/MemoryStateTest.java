package dev.tailsampling.store;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.selector.RecentDecisions;
import java.util.List;
import org.junit.jupiter.api.Nested;

class MemoryStateTest {

    private final MemoryState state = new MemoryState(() -> DecisionRecords.NOON);

    @Nested
    class Recent extends RecentDecisionsContract {
        @Override
        RecentDecisions recent() {
            return state;
        }
    }

    @Nested
    class Rules extends ForceRuleStoreContract {

        private final ForceRuleStore rules = new MemoryForceRules(() -> NOW);

        @Override
        ForceRuleStore rules() {
            return rules;
        }
    }

    @Nested
    class Activations extends PolicyHistoryContract {

        private final PolicyHistory history = new MemoryPolicyHistory(() -> DecisionRecords.NOON);

        @Override
        PolicyHistory history() {
            return history;
        }
    }

    @Nested
    class Operations extends OperationLogContract {
        @Override
        OperationLog operations() {
            return state.operations();
        }

        @Override
        ControlLog log() {
            return state;
        }
    }

    @Nested
    class Control extends ControlLogContract {
        @Override
        ControlLog log() {
            return state;
        }

        @Override
        List<CycleReport> reports(String source) {
            return state.reports(source);
        }
    }
}
