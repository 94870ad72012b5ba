package dev.tailsampling.cli;

import dev.tailsampling.admin.RuleIds;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.selector.ForceRules;
import dev.tailsampling.selector.RuleChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tss rules}: force rules. */
@Command(name = "rules",
        description = {"Lists and changes force rules: traces to keep or to drop for a while, whatever",
                "the policies say. A running tss notices within force_sampling.poll_interval_secs."})
final class RulesCommand implements Runnable {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a subcommand is missing");
    }

    @Command(description = "Lists the rules in the order in which they are asked.")
    int list(@Mixin OutputOption output,
            @Option(names = "--active", description = "Only those that apply now.") boolean active) {
        return with(rules -> {
            List<ForceRule> all = rules.list();
            (active ? ForceRule.active(all, main.clock().instant()) : all).forEach(rule -> print(rule, output));
            return ExitCode.OK;
        });
    }

    @Command(description = "Shows a rule; as text with all that was changed of it.")
    int get(@Mixin OutputOption output, @Parameters(paramLabel = "RULE_ID") String id) {
        return with(rules -> {
            print(id, rules.get(id), output);
            if (output.format() == OutputFormat.text) {
                rules.changes(id).forEach(this::print);
            }
            return ExitCode.OK;
        });
    }

    @Command(description = {"Makes a rule that applies at once. FILE holds JSON or YAML:",
            "description, duration_secs, priority, match: {resource: [...], span: [...]}, action:",
            "force_keep or force_drop, and, to keep a share, sampling_percentage."})
    int add(@Mixin OutputOption output,
            @Parameters(paramLabel = "FILE", description = "\"-\" is standard input.") String file) {
        ForceRuleRequest request = file.equals("-")
                ? ForceRuleJson.request("standard input", standardInput())
                : ForceRuleJson.request(Path.of(file));
        return with(rules -> {
            print(rules.add(request, RuleIds.random()), output);
            return ExitCode.OK;
        });
    }

    @Command(description = "Lets a rule end later; one that has expired applies again.")
    int extend(@Mixin OutputOption output, @Parameters(paramLabel = "RULE_ID") String id,
            @Parameters(paramLabel = "SECONDS") long seconds) {
        return with(rules -> print(id, rules.extend(id, Duration.ofSeconds(seconds)), output));
    }

    @Command(description = "Makes a rule apply again that was disabled.")
    int enable(@Mixin OutputOption output, @Parameters(paramLabel = "RULE_ID") String id) {
        return with(rules -> print(id, rules.enable(id), output));
    }

    @Command(description = "Makes a rule not apply until it is enabled.")
    int disable(@Mixin OutputOption output, @Parameters(paramLabel = "RULE_ID") String id) {
        return with(rules -> print(id, rules.disable(id), output));
    }

    @Command(description = "Deletes a rule.")
    int delete(@Parameters(paramLabel = "RULE_ID") String id) {
        return with(rules -> {
            if (!rules.delete(id)) {
                throw unknown(id);
            }
            main.console().out().println("deleted force rule " + id);
            return ExitCode.OK;
        });
    }

    @Command(description = "Deletes the rules that have expired.")
    int cleanup() {
        return with(rules -> {
            main.console().out().println("deleted " + rules.cleanUp() + " expired force rules");
            return ExitCode.OK;
        });
    }

    private int with(ToIntFunction<ForceRules> action) {
        try (Workspace workspace = main.openWorkspace()) {
            int exitCode = action.applyAsInt(
                    new ForceRules(workspace.forceRules(), main.clock(), System.getProperty("user.name", "unknown")));
            main.console().out().flush();
            return exitCode;
        }
    }

    private static String standardInput() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input: " + e.getMessage(), e);
        }
    }

    private int print(String id, Optional<ForceRule> rule, OutputOption output) {
        print(rule.orElseThrow(() -> unknown(id)), output);
        return ExitCode.OK;
    }

    private static CommandException unknown(String id) {
        return new CommandException("there is no force rule " + id + ": tss rules list shows those there are");
    }

    private void print(ForceRule rule, OutputOption output) {
        if (output.format() == OutputFormat.json) {
            main.console().out().println(new ForceRuleJson().write(rule));
            return;
        }
        Instant now = main.clock().instant();
        String state = rule.isActive(now) ? "active" : rule.enabled() ? "expired" : "disabled";
        String line = String.format(Locale.ROOT, "%s  %-8s  priority %d  %s  until %s  %s%s", rule.id(), state,
                rule.priority(), action(rule.action()), rule.expiresAt(), rule.match(),
                rule.description().isEmpty() ? "" : "  # " + rule.description());
        // A rule is one line, whatever its texts hold.
        main.console().out().println(CONTROL.matcher(line).replaceAll("?"));
    }

    private static String action(ForceRule.Action action) {
        return switch (action) {
            case ForceRule.Action.ForceKeep keep when keep.rate().probability() < 1 ->
                String.format(Locale.ROOT, "force_keep %.4g %%", 100 * keep.rate().probability());
            case ForceRule.Action.ForceKeep ignored -> "force_keep";
            case ForceRule.Action.ForceDrop ignored -> "force_drop";
        };
    }

    private void print(RuleChange change) {
        main.console().out().printf(Locale.ROOT, "  %s  %-8s  by %s, until %s%n", change.at(),
                change.kind().name().toLowerCase(Locale.ROOT), change.author(), change.rule().expiresAt());
    }
}
