package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.lateSpans;
import static dev.tailsampling.store.DecisionRecords.notSampled;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.RuleChange;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.TraceId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a server does: several processes at once, restarts, passwords. Each process has its own pool here. */
class PostgresDatabaseTest {

    private static final int PROCESSES = 4;
    private static final TraceId A = TraceId.parse("0af7651916cd43dd8448eb211c80319c");
    private static final TraceId B = TraceId.parse("0af7651916cd43dd8448eb211c80319d");

    private static LocalPostgres server;

    @BeforeAll
    static void create() {
        server = LocalPostgres.create();
    }

    private static JdbcState open(LocalPostgres database) {
        return JdbcState.openPostgres(database.settings(), () -> NOON);
    }

    /** What a process does, given its number. */
    private interface Work {
        void run(JdbcState state, int process);
    }

    /** Lets processes that open the same database work at the same time. */
    private static void together(LocalPostgres database, Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(PROCESSES);
        try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
            List<Callable<Void>> processes = IntStream.range(0, PROCESSES).<Callable<Void>>mapToObj(i -> () -> {
                start.await();
                try (JdbcState state = open(database)) {
                    work.run(state, i);
                }
                return null;
            }).toList();
            for (Future<Void> process : threads.invokeAll(processes)) {
                process.get();
            }
        }
    }

    @Test
    void processesThatStartAtOnceBringTheSchemaUpToDateOnce() throws Exception {
        LocalPostgres fresh = LocalPostgres.create();

        together(fresh, (state, process) -> assertThat(state.newestCycle(SOURCE)).isZero());

        assertThat(fresh.query("SELECT version, sha256 FROM schema_version ORDER BY version")).isEqualTo(
                Migration.shipped().stream().map(migration -> migration.version() + "|" + migration.sha256()).toList());
    }

    @Test
    void processesThatWriteAtOnceGetNumbersOfTheirOwn() throws Exception {
        LocalPostgres fresh = LocalPostgres.create();
        CycleReport report = new CycleReport(Map.of(CycleMetric.CYCLES, 1L));

        together(fresh, (state, process) -> {
            for (int i = 0; i < 25; i++) {
                state.addReport("table " + i, NOON, report);
                state.remember("table " + process, i, List.of(sampled(new TraceId(process, i + 1), i)));
                state.addDeadLetters(SOURCE, Map.of(new SourceRow(process, i, 0, 0), "poison",
                        new SourceRow(PROCESSES, i, 0, 0), "seen by all"));
            }
        });

        assertThat(fresh.query("SELECT COUNT(*), MAX(report_id) FROM cycle_reports")).containsExactly("100|100");
        assertThat(fresh.query("SELECT COUNT(*), MAX(source_id), COUNT(DISTINCT name) FROM sources"))
                .containsExactly("26|26|26");
        assertThat(fresh.query("SELECT COUNT(*), MAX(letter_number) FROM dead_letters")).containsExactly("125|125");
        assertThat(fresh.query("SELECT letters FROM dead_letter_counts")).containsExactly("125");
        assertThat(fresh.query("SELECT COUNT(*) FROM recent_decisions")).containsExactly("100");
    }

    @Test
    void changesOfARuleByManyLoseNothing() throws Exception {
        LocalPostgres fresh = LocalPostgres.create();
        try (JdbcState state = open(fresh)) {
            state.forceRules(new ForceRuleJson()).add(ForceRuleStoreContract.rule("r", 0), "ann");
        }

        together(fresh, (state, process) -> {
            ForceRuleStore rules = state.forceRules(new ForceRuleJson());
            for (int i = 0; i < 25; i++) {
                rules.change("r", RuleChange.Kind.EXTENDED, PostgresDatabaseTest::longer, "process " + process);
            }
        });

        try (JdbcState state = open(fresh)) {
            ForceRuleStore rules = state.forceRules(new ForceRuleJson());
            ForceRule before = ForceRuleStoreContract.rule("r", 0);
            assertThat(rules.get("r").orElseThrow().expiresAt()).isEqualTo(before.expiresAt().plusSeconds(100));
            assertThat(rules.revision()).isEqualTo(101);
            assertThat(rules.changes("r")).hasSize(101);
        }
    }

    private static ForceRule longer(ForceRule rule) {
        return rule.withExpiresAt(rule.expiresAt().plusSeconds(1));
    }

    @Test
    void operatorsCanReadTheTables() {
        LocalPostgres fresh = LocalPostgres.create();
        try (JdbcState state = open(fresh)) {
            state.remember(SOURCE, 3, List.of(sampled(A, 3), notSampled(B, 3)));
            state.forceRules(new ForceRuleJson()).add(ForceRuleStoreContract.rule("r1", 5), "ann");
        }

        assertThat(fresh.query("SELECT name, encode(trace_id, 'hex'), cycle, outcome, policy_id, threshold "
                + "FROM recent_decisions JOIN sources USING (source_id) ORDER BY trace_id"))
                .containsExactly("otel.spans|" + A + "|3|1|1|0", "otel.spans|" + B + "|3|0|null|null");
        assertThat(fresh.query("SELECT document::json ->> 'priority' FROM force_rules")).containsExactly("5");
    }

    @Test
    void aTraceThatComesTwiceInOneBatchIsDecidedAsIfInTwo() {
        try (JdbcState state = open(server)) {
            state.remember("twice", 2, List.of(lateSpans(A, 1), sampled(A, 1), lateSpans(A, 2), notSampled(B, 1),
                    sampled(B, 2)));

            assertThat(state.find("twice", List.of(A)).get(A).outcome()).isEqualTo(Outcome.SAMPLED);
            assertThat(state.find("twice", List.of(A)).get(A).cycle()).isEqualTo(1);
            assertThat(state.find("twice", List.of(B)).get(B).cycle()).isEqualTo(2);
        }
    }

    /** The limit is for slow machines. */
    @Test
    @Timeout(120)
    void remembersAHundredThousandDecisionsWithinSeconds() {
        List<TraceId> ids = LongStream.range(0, 100_000)
                .mapToObj(i -> new TraceId(i * 0x9E3779B97F4A7C15L, i * 0xC2B2AE3D27D4EB4FL)).toList();
        try (JdbcState state = open(server)) {
            state.remember("many", 1, () -> ids.stream().map(id -> notSampled(id, 1)).iterator());

            assertThat(state.find("many", ids)).hasSize(ids.size());
        }
    }

    @Test
    void theSharedRevisionOfACommonCopyNeverGoesBack() {
        try (JdbcState one = open(server); JdbcState other = open(server)) {
            one.forceRules(new ForceRuleJson()).meetSharedRevision(7);
            other.forceRules(new ForceRuleJson()).meetSharedRevision(5);
            assertThat(other.forceRules(new ForceRuleJson()).sharedRevision()).isEqualTo(7);
        }
    }

    @Test
    void worksAgainWhenTheServerIsBack(@TempDir Path data) throws Exception {
        EmbeddedPostgres first = LocalPostgres.start(of(data));
        int port = first.getPort();
        LocalPostgres database = LocalPostgres.of(first, LocalPostgres.USER);
        try (JdbcState state = open(database)) {
            state.confirmExport(SOURCE, 1);
            first.close();

            assertThatThrownBy(() -> state.confirmExport(SOURCE, 2)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("control plane jdbc:postgresql://localhost:" + port + "/postgres: ");
            assertThat(state.operations().problem()).hasValueSatisfying(problem -> assertThat(problem)
                    .startsWith("control plane jdbc:postgresql://localhost:" + port + "/postgres: ")
                    .doesNotContain("\n"));

            try (EmbeddedPostgres second = LocalPostgres.start(of(data).setPort(port))) {
                assertThat(second.getPort()).isEqualTo(port);
                assertThat(state.operations().problem()).isEmpty();
                state.confirmExport(SOURCE, 3);
                assertThat(state.confirmedExports(SOURCE, List.of(1L, 2L, 3L))).containsExactly(1L, 3L);
            }
        }
    }

    private static EmbeddedPostgres.Builder of(Path data) {
        return EmbeddedPostgres.builder().setDataDirectory(data.resolve("postgres")).setCleanDataDirectory(false);
    }

    @Test
    void failuresNameTheDatabaseAndAreOneSentence() {
        LocalPostgres fresh = LocalPostgres.create();
        try (JdbcState state = open(fresh)) {
            fresh.execute("DROP TABLE recent_decisions");

            for (Runnable call : List.<Runnable>of(() -> state.find(SOURCE, List.of(A)),
                    () -> state.remember(SOURCE, 1, List.of(sampled(A, 1))))) {
                assertThatThrownBy(call::run).isInstanceOf(UncheckedIOException.class)
                        .hasMessageStartingWith("control plane jdbc:postgresql://localhost:")
                        .hasMessageContaining("\"recent_decisions\" does not exist")
                        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
            }
        }
    }

    @Test
    void refusesAServerThatIsAway() {
        String url = "jdbc:postgresql://localhost:1/tss?password=hunter2";
        PostgresSettings settings = new PostgresSettings(url, "ann", "hunter3", 1);

        assertThat(settings.toString()).contains("ann").doesNotContain("hunter");
        assertThatThrownBy(() -> JdbcState.openPostgres(settings, () -> NOON))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("control plane jdbc:postgresql://localhost:1/tss: ")
                .satisfies(PostgresDatabaseTest::showsNoPassword);
    }

    @Test
    void refusesAUserWhomTheServerDoesNotKnow() {
        PostgresSettings settings = new PostgresSettings(server.url(), "nobody", "hunter2", 1);

        assertThatThrownBy(() -> JdbcState.openPostgres(settings, () -> NOON))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("\"nobody\" does not exist")
                .satisfies(PostgresDatabaseTest::showsNoPassword);
    }

    @Test
    void refusesWhatIsNoPostgresUrl() {
        Map<String, String> refused = Map.of(
                "jdbc:sqlite:/var/lib/tss.db", "jdbc:sqlite:/var/lib/tss.db is no PostgreSQL database; write "
                        + "jdbc:postgresql://host:port/database",
                "postgresql://ann:hunter2@db/tss", "postgresql://db/tss is no PostgreSQL database; write "
                        + "jdbc:postgresql://host:port/database",
                "jdbc:postgresql://ann:hunter2@db/tss?ssl=true", "jdbc:postgresql://db/tss has credentials in its "
                        + "URL, which the driver does not read there; set user and password apart");

        refused.forEach((url, message) -> assertThatThrownBy(() -> new PostgresSettings(url, null, null, 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message));
        assertThatThrownBy(() -> new PostgresSettings("jdbc:postgresql://db/tss", null, null, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("a pool needs at least one connection: 0");
    }

    @Test
    void refusesAUrlThatTheDriverCannotRead() {
        PostgresSettings settings = new PostgresSettings("jdbc:postgresql://db:port/tss?password=hunter2", null, null,
                1);

        assertThatThrownBy(() -> JdbcState.openPostgres(settings, () -> NOON))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith("control plane jdbc:postgresql://db:port/tss: the driver cannot read this URL; "
                        + "write jdbc:postgresql://host:port/database")
                .satisfies(PostgresDatabaseTest::showsNoPassword);
    }

    /** Logs may show the causes, too. */
    private static void showsNoPassword(Throwable failure) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.add(cause.toString());
        }
        assertThat(messages).noneMatch(message -> message.contains("hunter"));
    }
}
