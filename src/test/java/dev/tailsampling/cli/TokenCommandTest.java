package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.admin.AdminServerSettings;
import dev.tailsampling.admin.AdminToken;
import dev.tailsampling.admin.Role;
import dev.tailsampling.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {

    @TempDir
    private Path folder;

    @Test
    void theTokenIsShownOnceAndOpensWhatItsLinesConfigure() throws IOException {
        Tss tss = new Tss(folder.resolve("home"));
        List<String> lines = tss.run("token", "--name", "alice", "--role", "rules").ok().lines();
        String text = lines.getFirst();
        String yaml = String.join("\n", lines.subList(lines.indexOf("admin:"), lines.size()));

        assertThat(text).matches("tss_[A-Za-z0-9_-]{43}");
        assertThat(String.join("\n", lines)).containsOnlyOnce(text);
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
        assertThat(AdminServerSettings.of(new ConfigLoader(Map.of()).load(file)).access())
                .hasToString("Tokens[tokens=[" + AdminToken.of("alice", Role.RULES, text) + "]]");
        assertThat(folder.resolve("home")).as("nothing is stored").doesNotExist();
        assertThat(tss.run("token", "--name", "alice", "--role", "rules").ok().lines().getFirst()).isNotEqualTo(text);
    }

    @Test
    void wrongUseIsExitCode2() {
        Tss tss = new Tss(folder.resolve("home"));
        for (String[] wrong : List.of(new String[]{"token"}, new String[]{"token", "--name", "a", "--role", "root"},
                new String[]{"token", "--name", "a b", "--role", "read"})) {
            assertThat(tss.run(wrong).exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
        }
    }
}
