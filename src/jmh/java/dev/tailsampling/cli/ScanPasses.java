package dev.tailsampling.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs the same scan several times in one JVM, each pass with a ledger of its own, and prints the CPU seconds of each:
 * {@code ScanPasses PASSES scan --once …}. What a process that goes on costs is seen in the later passes.
 */
public final class ScanPasses {

    private static final double NANOS_PER_SECOND = 1e9;

    private ScanPasses() {}

    /** Prints {@code pass CPU_SECONDS WALL_SECONDS} lines. */
    public static void main(String[] arguments) {
        int passes = Integer.parseInt(arguments[0]);
        String[] command = Arrays.copyOfRange(arguments, 1, arguments.length);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (int pass = 1; pass <= passes; pass++) {
            long cpu = system.getProcessCpuTime();
            long began = System.nanoTime();
            scan(pass, command);
            System.out.printf("pass %.3f %.3f%n", (system.getProcessCpuTime() - cpu) / NANOS_PER_SECOND,
                    (System.nanoTime() - began) / NANOS_PER_SECOND);
        }
    }

    private static void scan(int pass, String[] command) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("TSS_STORAGE_ICEBERG_NAMESPACE", "pass_" + System.currentTimeMillis() + "_" + pass);
        StringWriter report = new StringWriter();
        StringWriter remarks = new StringWriter();
        int exitCode = Main.run(Console.of(new PrintWriter(report), new PrintWriter(remarks)), environment,
                InstantSource.system(), command);
        if (exitCode != ExitCode.OK) {
            throw new IllegalStateException("pass " + pass + " failed: " + remarks);
        }
    }
}
