package dev.tailsampling.admin;

import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.OperationLog;
import java.time.InstantSource;

/**
 * What the admin API answers from.
 *
 * @param rules the force rules
 * @param preview tells what a rule would match
 * @param ledger the decisions
 * @param explainer says why a decision was taken
 * @param policies the policies to decide with
 * @param tables what this instance samples
 * @param operations reports, dead letters and runs
 * @param clock wall-clock time
 */
public record AdminPorts(ForceRuleStore rules, RulePreview preview, DecisionLog ledger, DecisionExplainer explainer,
        PolicyControl policies, TableBoard tables, OperationLog operations, InstantSource clock) {}
