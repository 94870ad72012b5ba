package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Finds what in a policies file is known to surprise: settings that mean nothing here, values that mean another thing
 * than they seem to, policies that never decide. Where two versions of the Collector differ, it says so. Takes Refinery's
 * rules files, too.
 */
public final class PolicyLint {

    private final LintFindings findings = new LintFindings();

    private PolicyLint() {}

    /**
     * The findings in the order of the file.
     *
     * @throws PolicyException if the file's policies cannot be used at all
     */
    public static List<LintFinding> of(PolicyFile file) {
        Mapping root = file.root();
        if (file.isRefinery(root)) {
            return RefineryLint.of(root, file.dialect().environment());
        }
        PolicyLint lint = new PolicyLint();
        ParsedPolicies parsed = file.parse();
        Mapping block = file.block();
        if (block != null) {
            lint.check(file, block, parsed);
        }
        return lint.findings.sorted();
    }

    private void check(PolicyFile file, Mapping block, ParsedPolicies parsed) {
        SetFields fields = SetFields.read(block, file.dialect());
        List<WrittenPolicy> written = new ArrayList<>();
        if (Objects.requireNonNull(block.fields().get(ListedPolicies.KEY)).value() instanceof Sequence list) {
            list.items().forEach(item -> written.add(WrittenPolicy.of((Mapping) item)));
        }
        new SettingLint(findings).check(block, written, parsed.set());
        List<WrittenPolicy> nested = written.stream().flatMap(WrittenPolicy::withAllWithin).toList();
        AttributeLint attributes = new AttributeLint(findings, fields.compat(), nested);
        TraceLint traces =
                new TraceLint(findings, fields.compat(), file.isCollectors() || fields.compat().isCollector());
        MatchLint matches = new MatchLint(findings, attributes);
        CompositeLint composites = new CompositeLint(findings, fields.compat());
        for (WrittenPolicy policy : nested) {
            policy.unusedBlocks().forEach(unused -> findings.warn(unused.origin(), "unused-block",
                    "the block " + unused.name() + " is not used, because the type is " + policy.type().label()
                            + ": leave it out, or change the type"));
            attributes.check(policy);
            traces.check(policy);
            matches.check(policy);
            composites.check(policy);
        }
        written.forEach(attributes::checkInverted);
        new ReachLint(findings, parsed.set(), written.stream().map(WrittenPolicy::origin).toList()).check();
    }
}
