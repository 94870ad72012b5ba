package dev.tailsampling.admin;

import static dev.tailsampling.admin.Route.light;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.admin.TableBoard.TableState;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators ask: how it goes with the tables, what could not be decoded, which processes ran. */
final class OperationRoutes {

    private static final int MAX_ROWS = 1000;
    private static final int ROWS = 100;
    private static final int CYCLES = 20;

    private final AdminPorts ports;
    private final CycleFeed feed;

    OperationRoutes(AdminPorts ports, CycleFeed feed) {
        this.ports = ports;
        this.feed = feed;
    }

    List<Route> routes() {
        return List.of(
                light("GET", "/admin/scans", Role.READ, this::scans, "table", "limit"),
                light("GET", "/admin/dead-letters", Role.READ, this::deadLetters, "table", "limit"),
                light("GET", "/admin/runs", Role.READ, this::runs, "limit"),
                new Route("GET", "/admin/events", Role.READ, Route.Load.LASTING, Route.EVENTS, List.of(),
                        request -> events()));
    }

    private Answer scans(ApiRequest request) {
        String table = request.text("table");
        int limit = request.whole("limit", 0, MAX_ROWS, CYCLES);
        List<TableState> tables = ports.tables().tables().stream()
                .filter(state -> table == null || state.table().equals(table)).toList();
        List<FinishedCycle> cycles = limit == 0 ? List.of() : ports.operations().reports(table, limit);
        return Answer.json(200, json -> {
            Json.writeList(json, "tables", tables, OperationRoutes::write);
            Json.writeList(json, "cycles", cycles, CycleJson::write);
        });
    }

    private static void write(JsonGenerator json, TableState state) throws IOException {
        json.writeStringField("table", state.table());
        json.writeStringField("state", state.state().name());
        json.writeStringField("problem", state.problem());
        json.writeStringField("policy_set", state.policySet());
        Json.writeTime(json, "table_time", state.tableTime());
        Json.writeTime(json, "last_cycle_at", state.lastCycleAt());
        write(json, "last_report", state.lastReport());
        write(json, "total", state.total());
    }

    private static void write(JsonGenerator json, String field, @Nullable CycleReport report) throws IOException {
        if (report == null) {
            json.writeNullField(field);
            return;
        }
        json.writeObjectFieldStart(field);
        CycleJson.write(json, report);
        json.writeEndObject();
    }

    private Answer deadLetters(ApiRequest request) {
        List<DeadLetter> letters =
                ports.operations().deadLetters(request.text("table"), request.whole("limit", 1, MAX_ROWS, ROWS));
        return Answer.json(200, json -> Json.writeList(json, "dead_letters", letters, OperationRoutes::write));
    }

    private static void write(JsonGenerator json, DeadLetter letter) throws IOException {
        json.writeStringField("table", letter.source());
        json.writeNumberField("partition", letter.row().partition());
        json.writeNumberField("offset", letter.row().offset());
        Json.writeTime(json, "arrived_at", Instant.ofEpochMilli(letter.row().timestampMillis()));
        json.writeStringField("reason", letter.reason());
        Json.writeTime(json, "first_seen", letter.firstSeen());
    }

    private Answer runs(ApiRequest request) {
        List<InstanceRun> runs = ports.operations().runs(request.whole("limit", 1, MAX_ROWS, ROWS));
        return Answer.json(200, json -> Json.writeList(json, "runs", runs, OperationRoutes::write));
    }

    private static void write(JsonGenerator json, InstanceRun run) throws IOException {
        json.writeStringField("run_id", run.runId());
        json.writeStringField("instance", run.instance());
        json.writeStringField("host", run.host());
        json.writeStringField("version", run.version());
        json.writeStringField("tables", run.tables());
        Json.writeTime(json, "started_at", run.startedAt());
        Json.writeTime(json, "ended_at", run.endedAt());
        json.writeStringField("ending", run.ending());
    }

    private Answer events() {
        return new Answer.Stream(feed.subscribe().orElseThrow(() -> new Problem(Problem.Kind.BUSY,
                "at most " + CycleFeed.MAX_SUBSCRIBERS + " listen to events at the same time: try later").refusal()));
    }
}
