package dev.tailsampling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program as a process of its own, which can be killed or given little memory. */
final class JavaProcess {

    private JavaProcess() {}

    static Process start(Path home, List<String> jvmFlags, Map<String, String> environment, Path log,
            String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        // As installed, not as in tests.
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("TSS_"));
        builder.environment().put("TSS_HOME", home.toString());
        // Several of them run on this machine at the same time.
        builder.environment().put("TSS_OBSERVABILITY_HEALTH_PORT", "0");
        builder.environment().put("TSS_OBSERVABILITY_METRICS_PORT", "0");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
