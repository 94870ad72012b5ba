package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.decision;
import static dev.tailsampling.store.DecisionRecords.lateSpans;
import static dev.tailsampling.store.DecisionRecords.notSampled;
import static dev.tailsampling.store.DecisionRecords.row;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JdbcStateTest {

    private static final TraceId A = TraceId.parse("0af7651916cd43dd8448eb211c80319c");
    private static final TraceId B = TraceId.parse("0af7651916cd43dd8448eb211c80319d");

    @TempDir
    Path folder;

    private Path file;
    private JdbcState state;

    @BeforeEach
    void open() {
        file = folder.resolve("state/tss.db");
        state = JdbcState.openSqlite(file, () -> NOON);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private void reopen() {
        state.close();
        state = JdbcState.openSqlite(file, () -> NOON.plusSeconds(3_600));
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

        @Override
        void restart() {
            reopen();
        }

        @Test
        void aPartThatIsDamagedIsNamed() throws SQLException {
            handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1)));
            new SqliteFile(file).execute("UPDATE hand_over_parts SET summary = x'07'");

            assertThatThrownBy(() -> handOvers().load(TOPIC, 1)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("state file " + file + ": a part of a trace that was handed over cannot be "
                            + "read: these 1 bytes are no summary of a trace: version 7 is not 1");
        }

        @Test
        void aFileThatIsAwayIsAFailure() throws SQLException {
            handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1)));
            new SqliteFile(file).execute("DROP TABLE hand_over_parts");

            assertThatThrownBy(() -> handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 1))))
                    .isInstanceOf(UncheckedIOException.class).hasMessageStartingWith("state file " + file + ": ");
            assertThatThrownBy(() -> handOvers().load(TOPIC, 2)).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> handOvers().remove(TOPIC, List.of(A))).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> handOvers().size(TOPIC)).isInstanceOf(UncheckedIOException.class);
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

        @Test
        void rulesSurviveARestartAndAreReadableInSql() throws SQLException {
            rules().add(rule("r1", 5), "ann");
            reopen();

            assertThat(rules().list()).containsExactly(rule("r1", 5));
            assertThat(rules().revision()).isEqualTo(1);
            assertThat(new SqliteFile(file).query("SELECT rule_id, document ->> 'priority' FROM force_rules"))
                    .containsExactly("r1|5");
            assertThat(new SqliteFile(file).query("SELECT change_id, rule_id, change_kind, changed_by, changed_at, "
                    + "document ->> 'id' FROM force_rule_changes"))
                    .containsExactly("1|r1|added|ann|" + NOW.toEpochMilli() + "|r1");
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
            try {
                return new SqliteFile(file).reports(source);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void reopeningKeepsEverything() throws SQLException {
        CycleReport report = new CycleReport(Map.of(CycleMetric.CYCLES, 1L));
        state.remember(SOURCE, 3, List.of(row(A, 3, decision(Outcome.SAMPLED, "slow", new Threshold(99)))));
        state.confirmExport(SOURCE, 3);
        state.addReport(SOURCE, NOON, report);
        state.addDeadLetters(SOURCE, Map.of(new SourceRow(0, 1, 2, 3), "not OTLP"));
        state.addPolicySet("v1", "all=always_sample");

        reopen();

        assertThat(state.find(SOURCE, List.of(A)))
                .containsExactly(Map.entry(A, new PriorDecision(3, Outcome.SAMPLED, "slow", new Threshold(99))));
        assertThat(state.newestCycle(SOURCE)).isEqualTo(3);
        assertThat(state.confirmedExports(SOURCE, List.of(2L, 3L))).containsExactly(3L);
        assertThat(new SqliteFile(file).reports(SOURCE)).containsExactly(report);
        assertThat(state.deadLetterCount(SOURCE)).isEqualTo(1);
        assertThat(state.policySet("v1")).contains("all=always_sample");
    }

    @Test
    void operatorsCanReadTheTables() throws SQLException {
        state.remember(SOURCE, 3, List.of(sampled(A, 3), notSampled(B, 3)));
        state.confirmExport(SOURCE, 3);
        state.addDeadLetters(SOURCE, Map.of(new SourceRow(4, 17, 1_000, 0), "not OTLP"));
        state.addDeadLetters(SOURCE, Map.of(new SourceRow(4, 17, 1_000, 0), "the second reason"));
        long noon = NOON.toEpochMilli();

        SqliteFile tables = new SqliteFile(file);
        assertThat(tables.query("SELECT name, lower(hex(trace_id)), cycle, outcome, policy_id, threshold, decided_at "
                + "FROM recent_decisions JOIN sources USING (source_id) ORDER BY trace_id"))
                .containsExactly("otel.spans|" + A + "|3|1|1|0|" + noon,
                        "otel.spans|" + B + "|3|0|null|null|" + noon);
        assertThat(tables.query("SELECT cycle, confirmed_at FROM confirmed_exports")).containsExactly("3|" + noon);
        assertThat(tables.query("SELECT kafka_partition, kafka_offset, kafka_timestamp, reason, first_seen "
                + "FROM dead_letters")).containsExactly("4|17|1000|not OTLP|" + noon);
    }

    @Test
    void namesAreStoredOnce() throws SQLException {
        state.remember(SOURCE, 1, List.of(sampled(A, 1), lateSpans(B, 1)));
        reopen();
        state.remember(SOURCE, 2, List.of(sampled(B, 2)));
        state.confirmExport("otel.other", 1);

        SqliteFile tables = new SqliteFile(file);
        assertThat(tables.query("SELECT * FROM sources ORDER BY 1")).containsExactly("1|otel.spans", "2|otel.other");
        assertThat(tables.query("SELECT * FROM policies ORDER BY 1")).containsExactly("1|errors", "2|late");
    }

    @Test
    @Timeout(60)
    void aLargeCycleThatIsBeingRememberedIsNoProblem() throws SQLException {
        List<Optional<String>> problems = new ArrayList<>();
        state.remember(SOURCE, 1, () -> {
            problems.add(state.operations().problem());
            return List.of(sampled(A, 1)).iterator();
        });
        assertThat(problems).containsExactly(Optional.empty());

        new SqliteFile(file).execute("DROP TABLE schema_version");
        assertThat(state.operations().problem()).hasValueSatisfying(problem -> assertThat(problem)
                .startsWith("state file " + file + ": ").contains("no such table: schema_version"));
    }

    @Test
    void abandonedCycleLeavesNoNames() throws SQLException {
        Iterable<DecisionRecord> broken = () -> List.of(sampled(A, 1), sampled(B, 1)).stream().peek(row -> {
            if (row.trace().traceId().equals(B)) {
                throw new IllegalStateException("the ledger went away");
            }
        }).iterator();
        assertThatThrownBy(() -> state.remember("new source", 1, broken)).isInstanceOf(IllegalStateException.class);

        state.remember(SOURCE, 1, List.of(lateSpans(A, 1)));

        assertThat(new SqliteFile(file).query("SELECT name FROM sources UNION ALL SELECT name FROM policies"))
                .containsExactly("otel.spans", "late");
    }

    @Test
    void twoProcessesShareAFile() {
        try (JdbcState other = JdbcState.openSqlite(file, () -> NOON)) {
            state.remember(SOURCE, 1, List.of(sampled(A, 1)));
            other.remember("otel.other", 1, List.of(sampled(B, 1)));
            state.remember(SOURCE, 2, List.of(sampled(B, 2)));

            assertThat(other.find(SOURCE, List.of(A, B))).containsOnlyKeys(A, B);
            assertThat(state.find("otel.other", List.of(A, B))).containsOnlyKeys(B);
        }
    }

    @Test
    void usesAWriteAheadLog() throws SQLException {
        state.remember(SOURCE, 1, List.of(sampled(A, 1)));

        assertThat(new SqliteFile(file).query("PRAGMA journal_mode")).containsExactly("wal");
        assertThat(file.resolveSibling("tss.db-wal")).exists();
    }

    /** Takes one to two seconds each to remember and to find on two cores; the limit is for slower machines. */
    @Test
    @Timeout(60)
    void remembersAHundredThousandDecisionsWithinSeconds() {
        List<TraceId> ids = LongStream.range(0, 100_000)
                .mapToObj(i -> new TraceId(i * 0x9E3779B97F4A7C15L, i * 0xC2B2AE3D27D4EB4FL)).toList();
        state.remember(SOURCE, 1, () -> ids.stream().map(id -> notSampled(id, 1)).iterator());

        assertThat(state.find(SOURCE, ids)).hasSize(ids.size());
        assertThat(state.forgetOlderThan(NOON.plusMillis(1))).isEqualTo(ids.size());
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "x".repeat(5_000));

        assertThatThrownBy(() -> JdbcState.openSqlite(text, () -> NOON)).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("state file " + text + ": ").hasMessageContaining("not a database");
    }

    @Test
    void refusesAFolderThatCannotBeMade() throws Exception {
        Path plainFile = Files.createFile(folder.resolve("plain"));

        assertThatThrownBy(() -> JdbcState.openSqlite(plainFile.resolve("tss.db"), () -> NOON))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("state file " + plainFile.resolve("tss.db") + ": its folder cannot be created");
    }

    @Test
    void refusesASchemaOfANewerProgram() throws SQLException {
        new SqliteFile(file).execute("INSERT INTO schema_version VALUES (999, '999_future.sql', '', 0)");

        assertThatThrownBy(this::reopen).isInstanceOf(UncheckedIOException.class)
                .hasMessage("state file " + file + ": its schema version is 999, this program knows versions up to 11; "
                        + "use the newer program");
    }

    @Test
    void failuresNameTheFile() throws SQLException {
        new SqliteFile(file).execute("DROP TABLE recent_decisions");

        assertThatThrownBy(() -> state.find(SOURCE, List.of(A))).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("state file " + file + ": ")
                .hasMessageContaining("no such table: recent_decisions");
        assertThatThrownBy(() -> state.remember(SOURCE, 1, List.of(sampled(A, 1))))
                .isInstanceOf(UncheckedIOException.class).hasMessageStartingWith("state file " + file + ": ");
        assertThat(state.newestCycle(SOURCE)).isZero();
    }
}
