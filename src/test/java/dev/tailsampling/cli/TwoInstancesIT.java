package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.store.LocalPostgres;
import dev.tailsampling.store.LocalRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services as processes that share a REST catalog, S3, Redis and PostgreSQL, and compete for one table. Redis goes and
 * comes back empty; a leader is stopped in its tracks and goes on when another has followed it.
 */
class TwoInstancesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final int BATCH = 200;
    private static final String KEEP_ALL =
            """
                    {"duration_secs": 3600, "action": "force_keep", "match": {"span": [{"key": "span.name", "op": "exists"}]}}""";
    private static final Duration LEASE = Duration.ofSeconds(4);

    @TempDir
    private Path folder;

    private LocalS3 s3;
    private LocalRestCatalog catalog;
    private LocalRedis redis;
    private LocalPostgres postgres;
    private int batches;

    @BeforeEach
    void startServers() throws Exception {
        s3 = LocalS3.start("lakehouse");
        catalog = LocalRestCatalog.start(folder.resolve("pointers.db"), s3);
        redis = LocalRedis.start();
        postgres = LocalPostgres.create();
    }

    @AfterEach
    void stopServers() {
        redis.close();
        catalog.close();
        s3.close();
    }

    private Map<String, String> environment(String instance) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TSS_STORAGE_ICEBERG_CATALOG_URI", catalog.uri().toString());
        environment.put("TSS_STORAGE_ICEBERG_WAREHOUSE", "wh");
        environment.put("TSS_STORAGE_ICEBERG_S3_ENDPOINT", s3.endpoint().toString());
        environment.put("TSS_STORAGE_ICEBERG_S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID);
        environment.put("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", LocalS3.SECRET_ACCESS_KEY);
        environment.put("TSS_STORAGE_ICEBERG_S3_REGION", LocalS3.REGION);
        environment.put("TSS_STORAGE_ICEBERG_IDLE_AFTER_SECS", "1");
        environment.put("TSS_REDIS_URL", redis.url());
        environment.put("TSS_REDIS_LEASE_TTL_SECS", Long.toString(LEASE.toSeconds()));
        environment.put("TSS_CONTROL_PLANE_URL", postgres.url());
        environment.put("TSS_CONTROL_PLANE_USERNAME", LocalPostgres.USER);
        environment.put("TSS_APP_INSTANCE_ID", instance);
        return environment;
    }

    private RunningService start(String instance) throws IOException {
        Path home = Files.createDirectories(folder.resolve(instance));
        return RunningService.start(home, folder.resolve(instance + ".log"), environment(instance), "--interval", "1");
    }

    private Tss tss() {
        Tss tss = new Tss(folder.resolve("client"));
        environment("client").forEach(tss::with);
        return tss;
    }

    /** Whole traces in one commit, so that none is decided before it is there. */
    private void generate() {
        batches++;
        tss().run("generate", "--traces", Integer.toString(BATCH), "--seed", Integer.toString(batches), "--profile",
                "small", "--rate", "20", "--commit-interval", "100000", "--table", TABLE).ok();
    }

    private static double completed(RunningService service) throws IOException, InterruptedException {
        return service.metric("tail_sampling_traces_completed_total");
    }

    @Test
    void oneLeadsAndTheOtherFollowsWhateverHappens() throws IOException, InterruptedException {
        generate();
        try (RunningService a = start("a"); RunningService b = start("b")) {
            a.await("one leads", () -> leads(a) ^ leads(b));
            RunningService leader = leads(a) ? a : b;
            RunningService follower = leader == a ? b : a;
            follower.await("the other stands by", () -> follower.state(TABLE).equals("STANDBY"));
            leader.await("the first batch is decided", () -> completed(leader) == BATCH);

            follower.await("it shows how far the leader has come", () -> !follower.get("/admin/scans?limit=1")
                    .get("tables").get(0).get("table_time").isNull());

            String rule = follower.ask("POST", "/admin/force-rules", KEEP_ALL).get("id").asText();
            leader.await("the rule reaches the leader", () -> leader.log().contains("\"active\":1"));
            generate();
            leader.await("the rule keeps the second batch",
                    () -> leader.metric("tail_sampling_traces_force_sampled_total") == BATCH);

            redis.stop();
            generate();
            leader.await("the third batch is decided without Redis",
                    () -> leader.metric("tail_sampling_traces_force_sampled_total") == 2 * BATCH);
            leader.await("health tells of it", () -> !isUp(leader, "redis"));
            assertThat(leader.get("/health/ready").get("status").asText()).isEqualTo("UP");

            redis.startAgainEmpty();
            a.await("Redis is used again", () -> isUp(a, "redis") && isUp(b, "redis"));
            a.await("the rule is in Redis again", () -> rules(a).contains(rule) && rules(b).contains(rule));
            // Whoever comes first leads now: an empty Redis knows of no leader.
            a.await("one leads again", () -> leads(a) ^ leads(b));
            followOneAnother(leads(a) ? a : b, leads(a) ? b : a);
        }
        assertEachTraceDecidedOnce();
    }

    private void followOneAnother(RunningService leader, RunningService follower)
            throws IOException, InterruptedException {
        double before = completed(follower);
        leader.signal("STOP");
        follower.await("the other leads", () -> leads(follower));
        generate();
        follower.await("the fourth batch is decided", () -> completed(follower) >= before + BATCH);
        leader.signal("CONT");
        leader.await("the one that was stopped stands by", () -> leader.state(TABLE).equals("STANDBY"));

        double known = completed(leader);
        follower.kill();
        leader.await("the first one leads again", () -> leads(leader));
        generate();
        leader.await("the fifth batch is decided", () -> completed(leader) >= known + BATCH);
        assertThat(leader.stop()).isIn(0, 143);
    }

    private static boolean leads(RunningService service) throws IOException, InterruptedException {
        return service.state(TABLE).equals("SAMPLING");
    }

    private static boolean isUp(RunningService service, String component) throws IOException, InterruptedException {
        JsonNode components = JSON.readTree(service.send("GET", "/health", "").body()).get("components");
        return components.get(component).get("status").asText().equals("UP");
    }

    private static Set<String> rules(RunningService service) throws IOException, InterruptedException {
        Set<String> ids = new HashSet<>();
        service.get("/admin/force-rules").get("rules").forEach(rule -> ids.add(rule.get("id").asText()));
        return ids;
    }

    private void assertEachTraceDecidedOnce() throws IOException {
        List<String> lines = tss().run("decisions", "--table", TABLE, "--output", "json").ok().lines();
        Set<String> ids = new HashSet<>();
        for (String line : lines) {
            ids.add(JSON.readTree(line).get("trace_id").asText());
        }
        assertThat(lines).hasSize(batches * BATCH);
        assertThat(ids).hasSize(batches * BATCH);
    }
}
