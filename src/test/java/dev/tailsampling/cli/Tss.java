package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with a home folder and an environment of their own. */
final class Tss {

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {

        Result ok() {
            assertThat(exitCode).as("exit code of a command that said: %s", err).isZero();
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private Duration ahead = Duration.ZERO;

    Tss(Path home) {
        this.home = home;
        environment.put("TSS_HOME", home.toString());
    }

    Tss with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Further commands run so much later. */
    void passTime(Duration duration) {
        ahead = ahead.plus(duration);
    }

    Path home() {
        return home;
    }

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = Console.of(new PrintWriter(out), new PrintWriter(err));
        int exitCode = Main.run(console, environment, InstantSource.offset(InstantSource.system(), ahead), arguments);
        console.out().flush();
        return new Result(exitCode, out.toString(), err.toString());
    }
}
