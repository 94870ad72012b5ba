package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LongTraces} in 256 MB: no trace is forced or dropped, and the memory stays what it was. */
class LongTracesIT {

    private static final int SECONDS = 6 * 3_600;
    private static final Pattern HOUR = Pattern.compile("hour (\\d) open (\\d+) used (\\d+)");

    @TempDir
    private Path folder;

    @Test
    void oneTraceInAHundredLastsForHours() throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), LongTraces.class.getName(), folder.toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(log);
        assertThat(process.exitValue()).as(said).isZero();

        List<Integer> starts = IntStream.range(0, SECONDS).filter(second -> second % 10 == 0).boxed().toList();
        long spans = 10L * (3L * SECONDS - 3) + starts.stream().mapToLong(LongTraces::longSpans).sum();
        long exported = starts.stream().filter(start -> (LongTraces.longSpans(start) - 1) * 300 >= 3 * 3_600)
                .mapToLong(LongTraces::longSpans).sum();
        assertThat(said).contains("short " + 10 * SECONDS + " long " + starts.size() + " spans " + spans + " exported "
                + exported + " forced 0 late 0 ").contains(" open 0 left 0");
        assertThat(said).doesNotContain("handed-over 0 ");
        checkMemory(said);
    }

    /** From the fourth hour on as many long traces end as begin. */
    private static void checkMemory(String said) {
        Matcher hours = HOUR.matcher(said);
        long[] used = new long[7];
        while (hours.find()) {
            used[Integer.parseInt(hours.group(1))] = Long.parseLong(hours.group(3));
        }
        assertThat(used[6]).as(said).isLessThan(used[4] + (16 << 20));
    }
}
