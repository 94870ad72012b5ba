package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter shown = new StringWriter();
    private Instant now = Instant.EPOCH;

    private Progress progress(long total) {
        PrintWriter err = new PrintWriter(shown);
        return new Progress(new Console(err, err, Console.Terminal.NO), () -> now, "working", "spans", total);
    }

    private void passTime(long seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void aKnownTotalGivesABar() {
        try (Progress progress = progress(3_000)) {
            passTime(10);
            progress.add(1_500);
        }
        assertThat(shown).hasToString("working [" + "#".repeat(15) + " ".repeat(15) + "] 50 % 1,500 spans, 150/s"
                + System.lineSeparator());
    }

    /** A fifth was done before; of the rest a quarter took a minute. */
    @Test
    void aShareTellsTheTimeThatIsLeft() {
        try (Progress progress = progress(0)) {
            progress.reached(0.2);
            progress.add(10);
            passTime(60);
            progress.reached(0.4);
        }
        assertThat(shown).hasToString("working [" + "#".repeat(12) + " ".repeat(18) + "] 40 % 10 spans, 0/s, "
                + "0:03:00 left" + System.lineSeparator());
    }
}
