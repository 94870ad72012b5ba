package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A generated file of the repository. With {@code -Dgolden.update=true} it is written anew instead of compared. */
final class GoldenFile {

    private final Path path;

    GoldenFile(String path) {
        this.path = Path.of(path);
    }

    void assertIs(String expected) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, expected);
        }
        assertThat(Files.exists(path) ? Files.readString(path) : "")
                .as("%s is stale; run the test with -Dgolden.update=true", path)
                .isEqualTo(expected);
    }
}
