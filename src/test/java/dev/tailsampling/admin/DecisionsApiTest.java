package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailsampling.admin.AdminClient.Reply;
import dev.tailsampling.admin.DecisionPages.Page;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.MemoryLedger;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision ledger over HTTP. */
class DecisionsApiTest {

    private static final String DECISIONS = "/admin/decisions";
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void decisionsOnATraceAreExplained() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(new Access.ThisMachine())) {
            JsonNode trace = api.client().get(DECISIONS + "/" + MemoryService.TRACE).json();

            assertThat(trace.get("decisions")).hasSize(2);
            JsonNode decision = trace.get("decisions").get(0);
            assertThat(decision.get("because").asText()).isEqualTo("all samples every trace");
            assertThat(decision.at("/findings/0/evidence/0/span_id").asText()).isEqualTo("00f067aa0ba902b7");
            assertThat(decision.get("remarks")).hasSize(1);
            assertThat(trace.at("/decisions/1/completion_reason").asText()).isEqualTo("LATE_SPANS");
        }
    }

    @Test
    void unknownAndMalformedTraceIds() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(new Access.ThisMachine())) {
            assertThat(api.client().get(DECISIONS + "/" + "0".repeat(31) + "1").status()).isEqualTo(404);
            assertThat(api.client().get(DECISIONS + "/xyz").status()).isEqualTo(400);
        }
    }

    @Test
    void listIsFiltered() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(new Access.ThisMachine())) {
            api.service.ledger.rows().add(MemoryService.decision(new TraceId(1, 2), NOW.minusSeconds(9), 3,
                    CompletionReason.QUIET, Outcome.DROPPED));
            AdminClient client = api.client();

            assertThat(traces(client, "")).containsExactly(new TraceId(1, 2).hex(), MemoryService.TRACE.hex());
            assertThat(traces(client, "?late=true")).hasSize(3);
            assertThat(traces(client, "?outcome=DROPPED")).containsExactly(new TraceId(1, 2).hex());
            assertThat(traces(client, "?from=2026-11-26T11:59:30Z")).containsExactly(new TraceId(1, 2).hex());
            assertThat(traces(client, "?until=2026-11-26T11:59:30Z")).containsExactly(MemoryService.TRACE.hex());
            assertThat(traces(client, "?table=otel.other")).isEmpty();
            assertThat(traces(client, "?policy=all&run=run-1&table=otel.spans")).hasSize(2);
            assertThat(traces(client, "?run=run-2")).isEmpty();
            assertThat(traces(client, "?policy=none")).isEmpty();
        }
    }

    private static List<String> traces(AdminClient client, String query) throws IOException, InterruptedException {
        Reply reply = client.get(DECISIONS + query);
        assertThat(reply.status()).as("%s", reply.response().body()).isEqualTo(200);
        return reply.json().get("decisions").findValuesAsText("trace_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "outcome=sampled", "from=today", "until=1",
            "until=2026-11-26T12:00:00-01:00",
            "late=1",
            "after=x", "after=!", "tabel=a", "table=", "from=+1000000000-01-01T00:00:00Z&limit=0"})
    void wrongParametersAreRefused(String query) throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(new Access.ThisMachine())) {
            Reply reply = api.client().get(DECISIONS + "?" + query);

            assertThat(reply.status()).isEqualTo(query.startsWith("after") ? 422 : 400);
            assertThat(reply.json().get("detail").asText()).contains(query.replaceAll("=.*", ""));
        }
    }

    /** Pages together are all rows once, the newest first, whatever is recorded meanwhile. */
    @Test
    void pagesAreStable() {
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            MemoryLedger ledger = new MemoryLedger();
            for (int i = 0; i < 60; i++) {
                ledger.rows().add(randomDecision(random));
            }
            List<DecisionCursor> expected =
                    ledger.rows().stream().map(DecisionCursor::of).sorted().distinct().toList();

            List<DecisionCursor> read = readAll(ledger, 1 + random.nextInt(20), random);

            assertThat(read).as("seed %d", seed).isSorted().doesNotHaveDuplicates().containsAll(expected);
        }
    }

    private static List<DecisionCursor> readAll(MemoryLedger ledger, int limit, Random random) {
        List<DecisionCursor> read = new ArrayList<>();
        DecisionPages pages = new DecisionPages(ledger, () -> NOW);
        Page page = pages.page(DecisionFilter.ALL, null, null, null, limit);
        read.addAll(page.decisions().stream().map(DecisionCursor::of).toList());
        while (page.next() != null) {
            assertThat(page.decisions()).hasSize(limit);
            ledger.rows().add(randomDecision(random));
            page = pages.page(DecisionFilter.ALL, null, null, DecisionCursor.parse(page.next().text()), limit);
            read.addAll(page.decisions().stream().map(DecisionCursor::of).toList());
        }
        return read;
    }

    /** Few traces and times, so that rows have them in common. */
    private static DecisionRecord randomDecision(Random random) {
        Instant arrival = switch (random.nextInt(3)) {
            case 0 -> NOW.minusSeconds(random.nextInt(5));
            case 1 -> NOW.minus(Duration.ofDays(random.nextInt(900)));
            default -> NOW.plusSeconds(random.nextInt(3));
        };
        return MemoryService.decision(new TraceId(0, 1 + random.nextInt(20)), arrival, 1 + random.nextInt(1000),
                CompletionReason.values()[random.nextInt(4)], Outcome.SAMPLED);
    }

    @Test
    void aSearchThatTakesLongIsGivenInSteps() {
        MemoryLedger ledger = new MemoryLedger();
        DecisionRecord old = MemoryService.decision(new TraceId(0, 1), NOW.minus(Duration.ofDays(400)), 1,
                CompletionReason.QUIET, Outcome.SAMPLED);
        ledger.rows().add(old);
        AtomicInteger looks = new AtomicInteger();
        DecisionPages slow =
                new DecisionPages(ledger, () -> NOW.plus(DecisionPages.PATIENCE.multipliedBy(looks.incrementAndGet())));

        List<DecisionRecord> found = new ArrayList<>();
        Page page = slow.page(DecisionFilter.ALL, null, null, null, 10);
        int pages = 1;
        for (; page.next() != null; pages++) {
            found.addAll(page.decisions());
            page = slow.page(DecisionFilter.ALL, null, null, DecisionCursor.parse(page.next().text()), 10);
        }
        found.addAll(page.decisions());

        assertThat(found).containsExactly(old);
        assertThat(pages).isBetween(3, 30);
    }
}
