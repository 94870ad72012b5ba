package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.ForceRule.Action;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Supplier;

/** Reads force rules: what to create, and what was created. Both have the same fields but for those that say when. */
final class ForceRuleParser {

    static final String KEEP = "force_keep";
    static final String DROP = "force_drop";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final PolicyFields fields;

    /**
     * Reads one rule.
     *
     * @throws PolicyException of every method: if the fields cannot be used; names place, field and remedy
     */
    ForceRuleParser(Mapping mapping) {
        this.fields = new PolicyFields("force rule", "", mapping);
    }

    ForceRuleRequest request() {
        Duration lifetime = duration();
        ForceRuleRequest request =
                checked(() -> new ForceRuleRequest(description(), lifetime, priority(), match(), action()));
        fields.finish();
        return request;
    }

    ForceRule rule() {
        ForceRule rule = checked(() -> new ForceRule(fields.text("id"), description(), priority(), match(), action(),
                time("created_at"), time("expires_at"), !Boolean.FALSE.equals(fields.flag("enabled"))));
        fields.finish();
        return rule;
    }

    /** What the rule itself refuses names the field, not the place. */
    private <T> T checked(Supplier<T> rule) {
        try {
            return rule.get();
        } catch (IllegalArgumentException e) {
            throw fields.refuse(String.valueOf(e.getMessage()));
        }
    }

    private Duration duration() {
        fields.get("duration_secs");
        return Duration.ofSeconds(fields.whole("duration_secs", 0));
    }

    private String description() {
        YamlNode node = fields.find("description");
        if (node == null || node instanceof Scalar scalar && scalar.text().isBlank()) {
            return "";
        }
        String text = fields.text("description");
        int length = text.codePointCount(0, text.length());
        if (length > MatcherParser.MAX_LENGTH) {
            throw fields.refuse(node.origin(), "description must have at most " + MatcherParser.MAX_LENGTH
                    + " characters, not " + length);
        }
        return text;
    }

    private int priority() {
        return fields.count("priority", 0);
    }

    private SpanMatch match() {
        YamlNode node = fields.get("match");
        if (!(node instanceof Mapping mapping)) {
            throw fields.refuse(node.origin(), "match must hold lists of matchers, not " + node.kind());
        }
        PolicyFields groups = new PolicyFields(fields.owner(), "match.", mapping);
        MatcherParser parser = new MatcherParser(fields.owner());
        List<Matcher> resource = matchers(parser, groups, "resource");
        List<Matcher> span = matchers(parser, groups, "span");
        List<Matcher> scope = matchers(parser, groups, "scope");
        List<Matcher> any = matchers(parser, groups, "any");
        List<Matcher> event = matchers(parser, groups, "event");
        List<Matcher> link = matchers(parser, groups, "link");
        groups.finish();
        try {
            return new SpanMatch(resource, scope, span, any, event, link);
        } catch (IllegalArgumentException e) {
            throw groups.refuse("match: " + e.getMessage());
        }
    }

    private static List<Matcher> matchers(MatcherParser parser, PolicyFields groups, String group) {
        YamlNode list = groups.find(group);
        return list == null ? List.of() : parser.parse("match." + group, list);
    }

    private Action action() {
        String action = fields.text("action");
        return switch (action) {
            case KEEP -> new Action.ForceKeep(rate());
            case DROP -> {
                if (fields.find("sampling_percentage") != null) {
                    throw fields.refuse(fields.get("sampling_percentage").origin(),
                            "sampling_percentage is of force_keep only: leave it out, or keep a share instead");
                }
                yield new Action.ForceDrop();
            }
            default -> throw fields.refuse(fields.get("action").origin(),
                    "action must be force_keep or force_drop, not \"" + action + "\"");
        };
    }

    private Threshold rate() {
        BigDecimal percentage = fields.number("sampling_percentage");
        if (percentage == null) {
            return Threshold.ALWAYS;
        }
        if (percentage.signum() <= 0 || percentage.compareTo(HUNDRED) > 0) {
            throw fields.refuse(fields.get("sampling_percentage").origin(),
                    "sampling_percentage must be above 0 and at most 100, not " + percentage.toPlainString());
        }
        return rate(percentage);
    }

    /** The threshold that keeps so many per cent, above 0 to 100. */
    static Threshold rate(BigDecimal percentage) {
        return Threshold.ofShare(percentage.movePointLeft(2).doubleValue());
    }

    private Instant time(String name) {
        String text = fields.text(name);
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw fields.refuse(fields.get(name).origin(),
                    name + " must be a time like 2026-11-22T10:15:30Z, not \"" + text + "\"");
        }
    }
}
