package dev.tailsampling.cli;

import dev.tailsampling.backfill.BackfillException;
import dev.tailsampling.config.ConfigException;
import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.config.SecretMask;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.ForceRuleException;
import dev.tailsampling.selector.SourceException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tss}: the command line. */
@Command(name = "tss", scope = CommandLine.ScopeType.INHERIT, mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {LoadCommand.class, GenerateCommand.class, ScanCommand.class, RunCommand.class,
                BackfillCommand.class,
                DecideCommand.class, DecisionsCommand.class, ExplainCommand.class, RulesCommand.class,
                PoliciesCommand.class, TokenCommand.class, ConfigCommand.class},
        description = {"Tail sampling over an Iceberg table of spans: finds the traces that went quiet, decides",
                "each as a whole, records the decision, and exports the kept ones."},
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong arguments, configuration or policies.",
                "A first try: scripts/demo"})
public final class Main implements Runnable {

    private static final int HELP_WIDTH = 110;
    private static final Path DEFAULT_HOME = Path.of(".tss");
    private static final Path DEFAULT_CONFIG = Path.of("config", "default.yaml");

    @Spec
    private CommandSpec spec;

    @Option(names = "--home", paramLabel = "DIR", scope = CommandLine.ScopeType.INHERIT, description = {
            "Folder of everything embedded: catalog, warehouse, state (default: $TSS_HOME, else .tss)."})
    private @Nullable Path home;

    @Option(names = "--config", paramLabel = "FILE", scope = CommandLine.ScopeType.INHERIT, description = {
            "Configuration (default: $TSS_CONFIG, else config/default.yaml if there is one)."})
    private @Nullable Path configFile;

    @Option(names = "--stacktrace", scope = CommandLine.ScopeType.INHERIT,
            description = "Prints the stack trace of a failure, for reports of defects.")
    private boolean stackTrace;

    private final Console console;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private @Nullable SelectorConfig config;

    Main(Console console, Map<String, String> environment, InstantSource clock) {
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(Console.of(out, err), System.getenv(), InstantSource.system(), arguments);
        // A writer of text keeps failures to itself; results that were lost on the way are not a success.
        if (out.checkError()) {
            err.println("error: standard output cannot be written, so results are missing");
            exitCode = exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
        }
        System.exit(exitCode);
    }

    /** Runs one command within a process that goes on. */
    static int run(Console console, Map<String, String> environment, InstantSource clock, String... arguments) {
        Main main = new Main(console, environment, clock);
        CommandLine commandLine = new CommandLine(main);
        commandLine.setOut(console.out()).setErr(console.err()).setUsageHelpWidth(HELP_WIDTH);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> main.failed(failure));
        return commandLine.execute(arguments);
    }

    private int failed(Exception failure) {
        console.out().flush();
        if (stackTrace) {
            failure.printStackTrace(console.err());
        }
        return switch (failure) {
            case UsageException usage -> exit(ExitCode.USAGE, usage.getMessage());
            case ConfigException wrong -> exit(ExitCode.USAGE, wrong.getMessage());
            case CommandException failed -> exit(ExitCode.FAILED, failed.getMessage());
            case SourceException refused -> exit(ExitCode.FAILED, refused.getMessage());
            case ConcurrentCycleException concurrent -> exit(ExitCode.FAILED, concurrent.getMessage());
            case BackfillException refused -> exit(ExitCode.USAGE, refused.getMessage());
            case ForceRuleException refused -> exit(ExitCode.FAILED, refused.getMessage());
            case UncheckedIOException io -> exit(ExitCode.FAILED, io.getMessage());
            default -> exit(ExitCode.FAILED, "unexpected " + failure + " (--stacktrace shows where)");
        };
    }

    private int exit(int code, @Nullable String sentence) {
        // The last line of defence: libraries repeat URLs, and URLs hold passwords.
        console.say("error: " + SecretMask.inText(String.valueOf(sentence)));
        return code;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    Console console() {
        return console;
    }

    InstantSource clock() {
        return clock;
    }

    /** The configuration, read at the first call. */
    SelectorConfig config() {
        SelectorConfig known = config;
        if (known == null) {
            ConfigLoader loader = new ConfigLoader(environment);
            Path path = configPath();
            known = path == null ? loader.load() : loader.load(path);
            known.warnings().forEach(console::warn);
            config = known;
        }
        return known;
    }

    private @Nullable Path configPath() {
        Path named = configFile != null ? configFile : fromEnvironment("TSS_CONFIG");
        if (named != null) {
            return named;
        }
        return Files.exists(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null;
    }

    private @Nullable Path fromEnvironment(String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : Path.of(value);
    }

    Workspace openWorkspace() {
        Path named = home != null ? home : fromEnvironment("TSS_HOME");
        return Workspace.open(named == null ? DEFAULT_HOME : named, config(), clock);
    }

    /** Version of the jar. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** Shows {@link Main#version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"tss " + version()};
        }
    }
}
