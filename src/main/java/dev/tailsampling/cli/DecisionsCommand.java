package dev.tailsampling.cli;

import dev.tailsampling.admin.DecisionJson;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss decisions}: lists the ledger. */
@Command(name = "decisions", description = "Lists the decisions in the ledger, oldest commit first.")
final class DecisionsCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private OutputOption output;

    @Option(names = "--table", paramLabel = "NS.NAME", description = "Only traces read from this table.")
    private @Nullable String table;

    @Option(names = "--topic", paramLabel = "NAME", description = "Only traces read from partitions of this topic.")
    private @Nullable String topic;

    @Option(names = "--outcome", paramLabel = "OUTCOME", description = "Only ${COMPLETION-CANDIDATES}.")
    private @Nullable Outcome outcome;

    @Option(names = "--policy", paramLabel = "NAME", description = "Only traces that this policy decided.")
    private @Nullable String policy;

    @Option(names = "--run", paramLabel = "RUN_ID", description = "Only decisions of this run.")
    private @Nullable String runId;

    @Option(names = "--live", description = "Only decisions of the scanner, none of backfill runs.")
    private boolean live;

    @Option(names = "--limit", paramLabel = "N", description = "At most this many.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--late", description = "Also the rows of late spans, which repeat an earlier decision.")
    private boolean late;

    @Override
    public Integer call() {
        DecisionFilter filter = new DecisionFilter(table, null, outcome, policy, runId, 0, Long.MAX_VALUE,
                late ? DecisionFilter.LateSpans.INCLUDE : DecisionFilter.LateSpans.EXCLUDE)
                .withTakenBy(live ? DecisionFilter.TakenBy.SCANNER : DecisionFilter.TakenBy.ANYBODY);
        try (Workspace workspace = main.openWorkspace()) {
            long[] left = {limit};
            workspace.ledger().forEach(filter, decision -> {
                if (isOfTopic(decision) && left[0]-- > 0) {
                    print(decision);
                }
            });
        }
        main.console().out().flush();
        return ExitCode.OK;
    }

    private boolean isOfTopic(DecisionRecord decision) {
        return topic == null || decision.source().startsWith(topic + "/");
    }

    private void print(DecisionRecord decision) {
        if (output.format() == OutputFormat.json) {
            JsonLines.print(main.console().out(), json -> DecisionJson.write(json, decision));
            return;
        }
        main.console().out().printf(Locale.ROOT, "%s  %-11s %-16s %,7d spans %,12.1f ms  %s%n",
                decision.trace().traceId(), decision.decision().outcome(),
                decision.decision().policy() == null ? "-" : decision.decision().policy(),
                decision.trace().spanCount(), decision.trace().durationNanos() / 1e6, decision.decision().reason());
    }
}
