package dev.tailsampling.admin;

import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Policies in memory, read by the parser of policies files. */
final class MemoryPolicies implements PolicyControl {

    static final String FIRST = "policies:\n  - {name: all, type: always_sample}\n";

    private final List<PolicyActivation> activations = new ArrayList<>();

    MemoryPolicies() {
        add("tss", Origin.FILE, FIRST);
    }

    private PolicyActivation add(String author, Origin origin, String text) {
        PolicyActivation activation = new PolicyActivation(activations.size() + 1L,
                Instant.parse("2026-11-26T12:00:00Z").plusSeconds(activations.size()), author, origin,
                parse(text).set().version(), text);
        activations.add(activation);
        return activation;
    }

    private static ParsedPolicies parse(String text) {
        return new PolicyFile("request", text).parse();
    }

    @Override
    public synchronized PolicyActivation current() {
        return activations.getLast();
    }

    @Override
    public synchronized List<PolicyActivation> history(int limit) {
        return activations.reversed().stream().limit(limit).toList();
    }

    @Override
    public Difference compare(String text) {
        ParsedPolicies wanted = parse(text);
        Map<String, NamedPolicy> now = byName(parse(current().text()).set());
        Map<String, NamedPolicy> then = byName(wanted.set());
        return new Difference(wanted.set().version(), wanted.warnings(), names(then, name -> !now.containsKey(name)),
                names(now, name -> !then.containsKey(name)),
                names(then, name -> now.containsKey(name) && !now.get(name).equals(then.get(name))));
    }

    private static Map<String, NamedPolicy> byName(PolicySet set) {
        return set.policies().stream().collect(
                Collectors.toMap(NamedPolicy::name, policy -> policy, (one, other) -> one, LinkedHashMap::new));
    }

    private static List<String> names(Map<String, NamedPolicy> policies, Predicate<String> which) {
        return policies.keySet().stream().filter(which).toList();
    }

    @Override
    public List<Effect> effects(String text, Duration window) {
        parse(text);
        Instant until = Instant.parse("2026-11-26T12:00:00Z");
        return List.of(new Effect("otel.spans", until.minus(window), until, 100, 100, 7, 93, 0));
    }

    @Override
    public synchronized Optional<PolicyActivation> activate(long known, String author, String text) {
        return known == current().number() ? Optional.of(add(author, Origin.API, text)) : Optional.empty();
    }
}
