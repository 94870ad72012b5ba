package dev.tailsampling.admin;

import static dev.tailsampling.admin.Route.heavy;
import static dev.tailsampling.admin.Route.light;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.PolicyException;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleException;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.selector.ForceRules;
import dev.tailsampling.selector.RuleChange;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Operations on force rules. */
final class RuleRoutes {

    private static final String RULES = "/admin/force-rules";
    private static final String RULE = RULES + "/{id}";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final int PREVIEW_MINUTES = 15;
    private static final ForceRuleJson JSON = new ForceRuleJson();

    private final AdminPorts ports;

    RuleRoutes(AdminPorts ports) {
        this.ports = ports;
    }

    List<Route> routes() {
        return List.of(
                light("POST", RULES, Role.RULES, this::create),
                light("GET", RULES, Role.READ, this::list),
                light("POST", RULES + "/cleanup", Role.RULES, this::cleanUp),
                heavy("POST", RULES + "/preview", Role.RULES, this::preview, "minutes"),
                light("GET", RULE, Role.READ, this::get),
                light("DELETE", RULE, Role.RULES, this::delete),
                light("PUT", RULE + "/extend", Role.RULES, this::extend),
                light("PUT", RULE + "/disable", Role.RULES, request -> changed(request, rules(request)::disable)),
                light("PUT", RULE + "/enable", Role.RULES, request -> changed(request, rules(request)::enable)),
                light("GET", RULE + "/changes", Role.READ, this::changes));
    }

    private ForceRules rules(ApiRequest request) {
        return new ForceRules(ports.rules(), ports.clock(), request.caller().name());
    }

    private Answer create(ApiRequest request) {
        Optional<String> key = request.header(IDEMPOTENCY_KEY);
        ForceRuleRequest wanted = wanted(request);
        if (key.isEmpty()) {
            return created(add(rules(request), wanted, RuleIds.random()));
        }
        if (!KEY.matcher(key.get()).matches()) {
            throw ApiRequest.parameter("the header " + IDEMPOTENCY_KEY
                    + " must have 1 to 255 visible ASCII characters");
        }
        return create(rules(request), wanted, RuleIds.of(request.caller().name(), key.get()));
    }

    /** A request that comes again, even while the first is under way, is answered with the rule that the first made. */
    private static Answer create(ForceRules rules, ForceRuleRequest wanted, String id) {
        Optional<ForceRule> before = added(rules, id);
        if (before.isPresent()) {
            return repeated(before.get(), wanted);
        }
        try {
            return created(add(rules, wanted, id));
        } catch (Problem.Refusal refusal) {
            return repeated(added(rules, id).orElseThrow(() -> refusal), wanted);
        }
    }

    /** The rule as it was made, whatever became of it. */
    private static Optional<ForceRule> added(ForceRules rules, String id) {
        return rules.changes(id).stream().filter(change -> change.kind() == RuleChange.Kind.ADDED)
                .map(RuleChange::rule).findFirst();
    }

    private static ForceRule add(ForceRules rules, ForceRuleRequest wanted, String id) {
        try {
            return rules.add(wanted, id);
        } catch (ForceRuleException e) {
            throw new Problem(Problem.Kind.TOO_MANY_RULES, String.valueOf(e.getMessage())).refusal();
        }
    }

    private static Answer created(ForceRule rule) {
        return Answer.json(201, JSON.write(rule)).with("Location", RULES + "/" + rule.id());
    }

    private static Answer repeated(ForceRule rule, ForceRuleRequest wanted) {
        ForceRuleRequest first = new ForceRuleRequest(rule.description(),
                Duration.between(rule.createdAt(), rule.expiresAt()), rule.priority(), rule.match(), rule.action());
        if (!first.equals(wanted)) {
            throw new Problem(Problem.Kind.IDEMPOTENCY_KEY_REUSED, "the " + IDEMPOTENCY_KEY
                    + " was used for force rule " + rule.id() + ", which is another one: send a new key").refusal();
        }
        return Answer.json(200, JSON.write(rule)).with("Location", RULES + "/" + rule.id());
    }

    private static ForceRuleRequest wanted(ApiRequest request) {
        String text = request.jsonObject();
        try {
            return ForceRuleJson.request("request", text);
        } catch (PolicyException e) {
            throw new Problem(Problem.Kind.INVALID_RULE, String.valueOf(e.getMessage())).refusal();
        }
    }

    private Answer list(ApiRequest request) {
        return Answer.json(200, rules(request).list().stream().map(JSON::write)
                .collect(Collectors.joining(",", "{\"rules\":[", "]}")));
    }

    private Answer get(ApiRequest request) {
        String id = request.path("id");
        return Answer.json(200, JSON.write(rules(request).get(id).orElseThrow(() -> unknown(id))));
    }

    private Answer delete(ApiRequest request) {
        String id = request.path("id");
        if (!rules(request).delete(id)) {
            throw unknown(id);
        }
        return Answer.empty();
    }

    private Answer extend(ApiRequest request) {
        Duration additional = Duration.ofSeconds(Json.onlyWhole(request.jsonObject(), "additional_secs"));
        try {
            return changed(request, id -> rules(request).extend(id, additional));
        } catch (ForceRuleException e) {
            throw new Problem(Problem.Kind.INVALID_RULE, String.valueOf(e.getMessage())).refusal();
        }
    }

    /** Changes the rule of an id. */
    private interface Change {
        Optional<ForceRule> apply(String id);
    }

    private static Answer changed(ApiRequest request, Change change) {
        String id = request.path("id");
        return Answer.json(200, JSON.write(change.apply(id).orElseThrow(() -> unknown(id))));
    }

    private Answer cleanUp(ApiRequest request) {
        int deleted = rules(request).cleanUp();
        return Answer.json(200, json -> json.writeNumberField("deleted", deleted));
    }

    private Answer changes(ApiRequest request) {
        String id = request.path("id");
        List<RuleChange> changes = rules(request).changes(id);
        if (changes.isEmpty()) {
            throw unknown(id);
        }
        return Answer.json(200, json -> Json.writeList(json, "changes", changes, RuleRoutes::write));
    }

    private static void write(JsonGenerator json, RuleChange change) throws IOException {
        Json.writeTime(json, "at", change.at());
        json.writeStringField("author", change.author());
        json.writeStringField("kind", change.kind().name());
        json.writeFieldName("rule");
        json.writeRawValue(JSON.write(change.rule()));
    }

    private Answer preview(ApiRequest request) {
        int minutes = request.whole("minutes", 1, PolicyRoutes.MAX_MINUTES, PREVIEW_MINUTES);
        ForceRuleRequest wanted = wanted(request);
        List<RulePreview.Matches> tables = ports.preview().preview(wanted, Duration.ofMinutes(minutes));
        return Answer.json(200, json -> Json.writeList(json, "tables", tables, RuleRoutes::write));
    }

    private static void write(JsonGenerator json, RulePreview.Matches matches) throws IOException {
        json.writeStringField("table", matches.table());
        Json.writeTime(json, "from", matches.from());
        Json.writeTime(json, "until", matches.until());
        json.writeNumberField("traces", matches.traces());
        json.writeNumberField("matched", matches.matched());
        Json.writeTexts(json, "examples", matches.examples().stream().map(TraceId::hex).toList());
    }

    private static Problem.Refusal unknown(String id) {
        return new Problem(Problem.Kind.NOT_FOUND,
                "there is no force rule " + id + ": GET " + RULES + " lists those there are").refusal();
    }
}
