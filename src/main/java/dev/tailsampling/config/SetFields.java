package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What stands beside a {@code policies} list and concerns the set as a whole.
 *
 * @param compat whose meaning the Collector's types have
 * @param combination how the policies decide together
 * @param unmatched the share that is kept of what no policy matches
 * @param maxTraceBytes larger traces are not sampled
 */
record SetFields(Compat compat, Combination combination, Threshold unmatched, long maxTraceBytes) {

    private static final String COMPAT = "compat";
    private static final String COMBINE = "combine";
    private static final String FIRST = "sample_on_first_match";
    private static final String DEFAULT = "default";
    private static final String MAX_BYTES = "maximum_trace_size_bytes";

    /** The fields that are read here. */
    static final Set<String> NAMES = Set.of(COMPAT, COMBINE, FIRST, DEFAULT, MAX_BYTES);

    /** What holds when nothing is said. */
    static final SetFields STANDARD =
            new SetFields(Compat.NATIVE, Combination.ANY, Threshold.NEVER, PolicySet.NO_LIMIT);

    /**
     * Reads the fields beside a list.
     *
     * @param dialect overrides what the file says of compatibility
     */
    static SetFields read(Mapping block, PolicyDialect dialect) {
        Map<String, Field> own = new LinkedHashMap<>(block.fields());
        own.keySet().retainAll(NAMES);
        PolicyFields fields = new PolicyFields("policies", "", new Mapping(block.origin(), own));
        Compat written = compat(fields, dialect);
        Compat compat = dialect.compat() == null ? written : dialect.compat();
        long maxBytes = fields.whole(MAX_BYTES, 0);
        if (maxBytes < 0) {
            throw fields.refuse(fields.get(MAX_BYTES).origin(), MAX_BYTES + " must be at least 0, not " + maxBytes);
        }
        return new SetFields(compat, combination(fields), unmatched(fields),
                maxBytes == 0 ? PolicySet.NO_LIMIT : maxBytes);
    }

    private static Compat compat(PolicyFields fields, PolicyDialect dialect) {
        if (fields.find(COMPAT) == null) {
            return dialect.compatIfUnsaid();
        }
        String label = fields.text(COMPAT);
        Compat compat = Compat.ofLabel(label);
        if (compat == null) {
            throw fields.refuse(fields.get(COMPAT).origin(),
                    "compat must be of " + String.join(", ", Compat.labels()) + ", not " + label);
        }
        return compat;
    }

    private static Combination combination(PolicyFields fields) {
        boolean first = Boolean.TRUE.equals(fields.flag(FIRST));
        if (fields.find(COMBINE) == null) {
            return first ? Combination.FIRST_SAMPLED : Combination.ANY;
        }
        if (first) {
            throw fields.refuse(fields.get(FIRST).origin(),
                    "sample_on_first_match is combine: first_sampled; give one of the two");
        }
        String label = fields.text(COMBINE);
        for (Combination combination : Combination.values()) {
            if (combination.name().toLowerCase(Locale.ROOT).equals(label)) {
                return combination;
            }
        }
        throw fields.refuse(fields.get(COMBINE).origin(),
                "combine must be any, first_sampled or first_match, not " + label);
    }

    private static Threshold unmatched(PolicyFields fields) {
        YamlNode value = fields.find(DEFAULT);
        return switch (value) {
            case null -> Threshold.NEVER;
            case Scalar scalar when scalar.text().equals("keep") -> Threshold.ALWAYS;
            case Scalar scalar when scalar.text().equals("drop") -> Threshold.NEVER;
            case Scalar scalar when isPercentage(scalar) -> PolicyRates.share(new BigDecimal(scalar.text()));
            default -> throw fields.refuse(value.origin(),
                    "default must be drop, keep or a percentage from 0 to 100, not " + value.kind());
        };
    }

    private static boolean isPercentage(Scalar scalar) {
        return scalar.isNumber() && new BigDecimal(scalar.text()).signum() >= 0
                && new BigDecimal(scalar.text()).compareTo(BigDecimal.valueOf(100)) <= 0;
    }

    /** The set of these policies. */
    PolicySet set(List<NamedPolicy> policies) {
        return new PolicySet(policies, combination, unmatched, maxTraceBytes, List.of());
    }
}
