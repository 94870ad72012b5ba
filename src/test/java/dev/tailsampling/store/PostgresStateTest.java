package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.selector.RecentDecisions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What every store does, on a PostgreSQL server. */
class PostgresStateTest {

    private static LocalPostgres server;
    private static JdbcState state;

    @BeforeAll
    static void open() {
        server = LocalPostgres.create();
        state = JdbcState.openPostgres(server.settings(), () -> NOON);
    }

    @AfterAll
    static void close() {
        if (state != null) {
            state.close();
        }
    }

    @BeforeEach
    void empty() {
        server.empty();
    }

    @Nested
    class Recent extends RecentDecisionsContract {
        @Override
        RecentDecisions recent() {
            return state;
        }
    }

    @Nested
    class HandedOver extends HandOversContract {
        @Override
        HandOvers handOvers() {
            return state.handOvers();
        }
    }

    @Nested
    class Backfills extends BackfillRunsContract {
        @Override
        BackfillRuns runs() {
            return state.backfillRuns();
        }
    }

    @Nested
    class Rules extends ForceRuleStoreContract {
        @Override
        ForceRuleStore rules() {
            return state.forceRules(new ForceRuleJson());
        }
    }

    @Nested
    class Activations extends PolicyHistoryContract {
        @Override
        PolicyHistory history() {
            return state.policyHistory();
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
            return state.operations().reports(source, 1_000).reversed().stream().map(FinishedCycle::report).toList();
        }
    }
}
