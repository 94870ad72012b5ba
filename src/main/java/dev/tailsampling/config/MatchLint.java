package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at match policies. */
final class MatchLint {

    private static final Set<String> GROUPS = Set.of("resource", "scope", "span", "any", "event", "link");
    private static final Set<String> OF_ABSENT = Set.of("not_exists", "neq_or_absent");

    private final LintFindings findings;
    private final AttributeLint attributes;

    MatchLint(LintFindings findings, AttributeLint attributes) {
        this.findings = findings;
        this.attributes = attributes;
    }

    void check(WrittenPolicy policy) {
        if (policy.type() != PolicyType.MATCH) {
            return;
        }
        for (PolicyFields matcher : matchers(policy).toList()) {
            attributes.key(matcher.get("key"));
            if (matcher.text("op").equals("regex") && matcher.get("value") instanceof Scalar value) {
                attributes.expression(value);
            }
        }
        YamlNode block = policy.own().find(PolicyType.MATCH.label());
        if (block != null) {
            block(block);
        }
    }

    private void block(YamlNode node) {
        for (Mapping block : maps(node).toList()) {
            maps(value(block, "any_span")).forEach(this::absentOnAnySpan);
            rootInNot(block);
            Stream.of("any_of", "not").map(name -> value(block, name)).filter(Objects::nonNull).forEach(this::block);
        }
    }

    /** Nearly every trace has a span without the attribute. */
    private void absentOnAnySpan(Mapping span) {
        List<PolicyFields> matchers = GROUPS.stream().flatMap(group -> ofList(value(span, group))).toList();
        if (!matchers.isEmpty() && matchers.stream().allMatch(matcher -> OF_ABSENT.contains(matcher.text("op")))) {
            PolicyFields first = matchers.getFirst();
            findings.warn(first.get("op").origin(), "absent-on-any-span", "one span without "
                    + first.text("key") + " is enough, and nearly every trace has one: for traces in which no span has "
                    + "it, put exists or eq into not");
        }
    }

    private void rootInNot(Mapping block) {
        Mapping opposite = value(block, "not") instanceof Mapping mapping ? mapping : null;
        if (opposite != null && opposite.fields().containsKey("root") && !block.fields().containsKey("has_root")) {
            findings.hint(Objects.requireNonNull(opposite.fields().get("root")).origin(), "root-not-seen",
                    "this also matches traces whose root span was not seen: add has_root: true beside not");
        }
    }

    /** All matchers of attributes, however deep; none for a policy of another type. */
    static Stream<PolicyFields> matchers(WrittenPolicy policy) {
        return policy.type() == PolicyType.MATCH
                ? inBlock(policy.own().find(PolicyType.MATCH.label()))
                : Stream.empty();
    }

    private static Stream<PolicyFields> inBlock(@Nullable YamlNode node) {
        return maps(node).flatMap(block -> block.fields().values().stream().flatMap(field -> switch (field.name()) {
            case "any_span", "all_spans", "root" -> maps(field.value())
                    .flatMap(span -> GROUPS.stream().flatMap(group -> ofList(value(span, group))));
            case "any_of", "not" -> inBlock(field.value());
            default -> Stream.empty();
        }));
    }

    private static Stream<PolicyFields> ofList(@Nullable YamlNode list) {
        return maps(list).map(matcher -> new PolicyFields("policy", "", matcher));
    }

    private static @Nullable YamlNode value(Mapping block, String name) {
        Field field = block.fields().get(name);
        return field == null ? null : field.value();
    }

    /** The map, or the maps in the list. */
    private static Stream<Mapping> maps(@Nullable YamlNode node) {
        return switch (node) {
            case Mapping one -> Stream.of(one);
            case Sequence list -> list.items().stream().flatMap(MatchLint::maps);
            case Scalar ignored -> Stream.empty();
            case null -> Stream.empty();
        };
    }
}
