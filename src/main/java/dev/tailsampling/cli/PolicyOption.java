package dev.tailsampling.cli;

import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyDialect;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.policy.PolicySet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --policies FILE}, by default the configuration's policies. */
final class PolicyOption {

    @Option(names = "--policies", paramLabel = "P.yaml", description = {
            "Policies: {policies: [...]}, a Collector tail_sampling block, Refinery rules, or a sampling: block;",
            "by default those of the configuration."})
    private @Nullable Path path;

    /**
     * Policies with the file that they come from.
     *
     * @param file null for the configuration
     * @param set the policies
     */
    record Named(@Nullable String file, PolicySet set) {}

    /** The policies; remarks on them go to standard error. */
    LoadedPolicies load(Main main) {
        PolicyFile file = path == null ? main.config().policyFile() : PolicyFile.read(path);
        ParsedPolicies parsed = path == null ? main.config().readPolicies() : file.parse();
        parsed.warnings().forEach(main.console()::warn);
        return new LoadedPolicies(parsed.set(), file.text());
    }

    /** The policies with the file that they come from, which is looked at again as long as the process runs. */
    PolicySource source(Main main) {
        LoadedPolicies loaded = load(main);
        Path file = path != null || main.config().policies() != null
                ? path
                : main.config().sampling().policiesFile();
        return file == null ? PolicySource.fixed(loaded) : PolicySource.watched(loaded, file);
    }

    /** Policies of several files; of the configuration, if there is none. */
    static List<Named> load(Main main, List<Path> files, PolicyDialect dialect) {
        if (files.isEmpty()) {
            return List.of(new Named(null, new PolicyOption().load(main).set()));
        }
        return files.stream().map(path -> {
            ParsedPolicies parsed = PolicyFile.read(path).as(dialect).parse();
            parsed.warnings().forEach(warning -> main.console()
                    .warn(warning.startsWith(path.toString()) ? warning : path + ": " + warning));
            return new Named(path.toString(), parsed.set());
        }).toList();
    }
}
