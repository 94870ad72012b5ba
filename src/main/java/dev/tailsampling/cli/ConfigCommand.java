package dev.tailsampling.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tss config}: the configuration in effect. */
@Command(name = "config", description = "Prints the configuration in effect, as YAML, with secrets masked.")
final class ConfigCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Override
    public Integer call() {
        main.console().out().print(main.config().masked());
        main.console().out().flush();
        return ExitCode.OK;
    }
}
