package dev.tailsampling.admin;

import static dev.tailsampling.admin.Route.heavy;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.admin.DecisionExplainer.Explained;
import dev.tailsampling.admin.DecisionPages.Page;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Operations on the decision ledger. */
final class DecisionRoutes {

    private static final String DECISIONS = "/admin/decisions";
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;

    /** Decisions on one trace that are explained at most: late spans may have come very often. */
    private static final int MAX_EXPLAINED = 100;

    private final AdminPorts ports;

    DecisionRoutes(AdminPorts ports) {
        this.ports = ports;
    }

    List<Route> routes() {
        return List.of(
                heavy("GET", DECISIONS, Role.READ, this::list, "table", "outcome", "policy", "run", "from", "until",
                        "late", "limit", "after"),
                heavy("GET", DECISIONS + "/{traceId}", Role.READ, this::explain));
    }

    private Answer list(ApiRequest request) {
        DecisionFilter filter = new DecisionFilter(request.text("table"), null,
                request.choice("outcome", Outcome.class), request.text("policy"), request.text("run"), 0,
                Long.MAX_VALUE,
                request.flag("late") ? DecisionFilter.LateSpans.INCLUDE : DecisionFilter.LateSpans.EXCLUDE);
        int limit = request.whole("limit", 1, MAX_PAGE, PAGE);
        String after = request.text("after");
        Page page = new DecisionPages(ports.ledger(), ports.clock()).page(filter, request.time("from"),
                request.time("until"), after == null ? null : DecisionCursor.parse(after), limit);
        return Answer.json(200, json -> {
            Json.writeList(json, "decisions", page.decisions(), DecisionJson::write);
            json.writeStringField("next", page.next() == null ? null : page.next().text());
        });
    }

    private Answer explain(ApiRequest request) {
        TraceId traceId = traceId(request.path("traceId"));
        List<DecisionRecord> found = new ArrayList<>();
        ports.ledger().forEach(new DecisionFilter(null, traceId, null, null, null, 0, Long.MAX_VALUE,
                DecisionFilter.LateSpans.INCLUDE), decision -> {
                    if (found.size() < MAX_EXPLAINED) {
                        found.add(decision);
                    }
                });
        if (found.isEmpty()) {
            throw new Problem(Problem.Kind.NOT_FOUND, "no decision on trace " + traceId
                    + " is in the ledger: it may be open still, or its table not scanned yet").refusal();
        }
        return Answer.json(200, json -> {
            json.writeStringField("trace_id", traceId.hex());
            Json.writeList(json, "decisions", found, this::writeExplained);
        });
    }

    private void writeExplained(JsonGenerator json, DecisionRecord decision) throws IOException {
        Explained explained = ports.explainer().explain(decision);
        DecisionJson.write(json, decision);
        ExplanationJson.write(json, explained.explanation());
        Json.writeTexts(json, "remarks", explained.remarks());
    }

    private static TraceId traceId(String text) {
        try {
            return TraceId.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiRequest.parameter("a trace id has 32 (or 16) hex digits, unlike " + text);
        }
    }
}
