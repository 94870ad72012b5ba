package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at what stands beside the policies. */
final class SettingLint {

    private final LintFindings findings;

    SettingLint(LintFindings findings) {
        this.findings = findings;
    }

    void check(Mapping block, List<WrittenPolicy> policies, PolicySet set) {
        for (Field field : block.fields().values()) {
            String instead = CollectorSettings.INSTEAD.get(field.name());
            if (instead != null) {
                findings.hint(field.origin(), "unused-setting",
                        field.name() + " is not used here: " + instead + "; leave it out");
            }
        }
        spanIngest(block.fields().get("sampling_strategy"), policies);
        firstSampled(block, set);
    }

    private void spanIngest(@Nullable Field strategy, List<WrittenPolicy> policies) {
        if (strategy != null && strategy.value() instanceof Scalar value && value.text().equals("span-ingest")
                && policies.stream().anyMatch(policy -> policy.type() == PolicyType.DROP)) {
            findings.warn(strategy.origin(), "span-ingest-drop", "in the Collector's span-ingest mode nothing is ever "
                    + "kept while there is a drop policy; here every trace is decided whole, so do not compare the two");
        }
    }

    /** Where the first wins, the recorded threshold is not the lowest, and so not the probability of being kept. */
    private void firstSampled(Mapping block, PolicySet set) {
        if (set.combination() != Combination.FIRST_SAMPLED) {
            return;
        }
        List<NamedPolicy> policies = set.policies();
        boolean random = policies.stream().anyMatch(SettingLint::isShare);
        Field field = block.fields().get("combine") == null
                ? block.fields().get("sample_on_first_match")
                : block.fields().get("combine");
        if (random && field != null) {
            findings.warn(field.origin(), "first-sampled-threshold",
                    "the first policy that samples gives the trace its threshold, which need not be the lowest, so "
                            + "adjusted counts come out too high; leave this out (all policies then vote), or put "
                            + "policies without a percentage first");
        }
    }

    private static boolean isShare(NamedPolicy policy) {
        return !policy.rate().equals(Threshold.ALWAYS) || switch (policy.policy()) {
            case SamplingPolicy.Probabilistic share -> !share.threshold().equals(Threshold.ALWAYS);
            case SamplingPolicy.And and -> and.policies().stream().anyMatch(SettingLint::isShare);
            default -> false;
        };
    }
}
