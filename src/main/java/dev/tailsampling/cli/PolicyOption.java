package dev.tailsampling.cli;

import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --policies FILE}, by default the configuration's policies. */
final class PolicyOption {

    @Option(names = "--policies", paramLabel = "P.yaml", description = {
            "Policies: {policies: [...]}, a Collector tail_sampling block, or a sampling: block;",
            "by default those of the configuration."})
    private @Nullable Path path;

    /** The policies; remarks on them go to standard error. */
    LoadedPolicies load(Main main) {
        PolicyFile file = path == null ? main.config().policyFile() : PolicyFile.read(path);
        ParsedPolicies parsed = path == null ? main.config().readPolicies() : file.parse();
        parsed.warnings().forEach(main.console()::warn);
        return new LoadedPolicies(parsed.set(), file.text());
    }
}
