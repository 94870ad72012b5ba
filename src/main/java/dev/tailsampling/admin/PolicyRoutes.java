package dev.tailsampling.admin;

import static dev.tailsampling.admin.Route.heavy;
import static dev.tailsampling.admin.Route.light;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.admin.PolicyControl.Difference;
import dev.tailsampling.admin.PolicyControl.Effect;
import dev.tailsampling.config.JsonAsYaml;
import dev.tailsampling.config.PolicyException;
import dev.tailsampling.selector.PolicyActivation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Operations on the policies. */
final class PolicyRoutes {

    /** Longest time for which is looked back. */
    static final int MAX_MINUTES = 1440;

    private static final String POLICIES = "/admin/policies";
    private static final int MAX_HISTORY = 20;
    /** Quotes are easily lost in a shell. */
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"|(\\d{1,18})");

    private final PolicyControl policies;

    PolicyRoutes(PolicyControl policies) {
        this.policies = policies;
    }

    List<Route> routes() {
        return List.of(
                light("GET", POLICIES, Role.READ, this::get, "history"),
                heavy("PUT", POLICIES, Role.ADMIN, this::put, "dry_run", "minutes"));
    }

    private Answer get(ApiRequest request) {
        int limit = request.whole("history", 0, MAX_HISTORY, 0);
        PolicyActivation current = policies.current();
        List<PolicyActivation> history = limit == 0 ? List.of() : policies.history(limit);
        return Answer.json(200, json -> {
            write(json, current);
            if (limit > 0) {
                Json.writeList(json, "history", history, PolicyRoutes::write);
            }
        }).with("ETag", etag(current));
    }

    private static void write(JsonGenerator json, PolicyActivation activation) throws IOException {
        json.writeNumberField("number", activation.number());
        json.writeStringField("version", activation.version());
        json.writeStringField("author", activation.author());
        json.writeStringField("origin", activation.origin().name());
        Json.writeTime(json, "activated_at", activation.at());
        json.writeStringField("text", activation.text());
    }

    private Answer put(ApiRequest request) {
        boolean dryRun = request.flag("dry_run");
        int minutes = request.whole("minutes", 1, MAX_MINUTES, 0);
        if (minutes > 0 && !dryRun) {
            throw new Problem(Problem.Kind.UNUSABLE_PARAMETER,
                    "minutes is for dry_run=true only: say so, or leave it out").refusal();
        }
        long known = known(request.header("If-Match").orElse(null));
        ApiRequest.Text sent = request.jsonOrYaml();
        String text = sent.form() == ApiRequest.Form.JSON ? JsonAsYaml.of(sent.text()) : sent.text();
        try {
            Difference difference = policies.compare(text);
            return dryRun
                    ? tried(known, difference, minutes == 0
                            ? List.of()
                            : policies.effects(text, Duration.ofMinutes(minutes)))
                    : activated(difference,
                            policies.activate(known, request.caller().name(), text));
        } catch (PolicyException e) {
            throw new Problem(Problem.Kind.INVALID_POLICIES, String.valueOf(e.getMessage())).refusal();
        }
    }

    /** The activation that the caller replaces: the one that is named, which must be the current one. */
    private long known(@Nullable String ifMatch) {
        long current = policies.current().number();
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return current;
        }
        Matcher etag = ETAG.matcher(ifMatch.strip());
        if (!etag.matches()) {
            throw ApiRequest.parameter("the header If-Match must be the ETag of GET " + POLICIES + ", like \"3\"");
        }
        if (Long.parseLong(etag.group(1) != null ? etag.group(1) : etag.group(2)) != current) {
            throw changed();
        }
        return current;
    }

    private static Answer tried(long known, Difference difference, List<Effect> effects) {
        return Answer.json(200, json -> {
            json.writeBooleanField("dry_run", true);
            json.writeNumberField("number", known);
            write(json, difference);
            Json.writeList(json, "effects", effects, PolicyRoutes::write);
        });
    }

    private static Answer activated(Difference difference, Optional<PolicyActivation> done) {
        PolicyActivation activation = done.orElseThrow(PolicyRoutes::changed);
        return Answer.json(200, json -> {
            json.writeBooleanField("dry_run", false);
            json.writeNumberField("number", activation.number());
            write(json, difference);
            json.writeArrayFieldStart("effects");
            json.writeEndArray();
        }).with("ETag", etag(activation));
    }

    private static void write(JsonGenerator json, Difference difference) throws IOException {
        json.writeStringField("version", difference.version());
        Json.writeTexts(json, "warnings", difference.warnings());
        Json.writeTexts(json, "added", difference.added());
        Json.writeTexts(json, "removed", difference.removed());
        Json.writeTexts(json, "changed", difference.changed());
    }

    private static void write(JsonGenerator json, Effect effect) throws IOException {
        json.writeStringField("table", effect.table());
        Json.writeTime(json, "from", effect.from());
        Json.writeTime(json, "until", effect.until());
        json.writeNumberField("traces", effect.traces());
        json.writeNumberField("sampled_now", effect.sampledNow());
        json.writeNumberField("sampled_then", effect.sampledThen());
        json.writeNumberField("only_now", effect.onlyNow());
        json.writeNumberField("only_then", effect.onlyThen());
    }

    private static String etag(PolicyActivation activation) {
        return "\"" + activation.number() + "\"";
    }

    private static Problem.Refusal changed() {
        return new Problem(Problem.Kind.POLICIES_CHANGED, "somebody else has changed the policies: GET " + POLICIES
                + " again, and send its ETag as If-Match").refusal();
    }
}
