package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image is built from pinned images and files that exist, and runs the service as nobody in particular. */
class DockerfileTest {

    private static List<String> lines;

    @BeforeAll
    static void read() throws IOException {
        lines = Files.readString(Path.of("Dockerfile")).replaceAll("\\\\\n\\s*", "").lines().toList();
    }

    private static Stream<String> instructions(String name) {
        return lines.stream().filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1));
    }

    @Test
    void imagesArePinned() {
        assertThat(instructions("FROM")).hasSize(2)
                .allMatch(image -> image.matches("\\w+([.-]\\w+)*:\\d+\\.\\d+\\.\\S*.*"));
    }

    @Test
    void processOneIsTheService_andNotRoot() {
        assertThat(instructions("USER")).singleElement().asString().matches("[1-9]\\d*:[1-9]\\d*");
        assertThat(instructions("ENTRYPOINT")).containsExactly("[\"/opt/tss/scripts/tss\"]");
        assertThat(instructions("CMD")).containsExactly("[\"run\"]");
        assertThat(instructions("STOPSIGNAL")).containsExactly("SIGTERM");
    }

    /** A shell that stayed between Docker and java would keep the signal to itself. */
    @Test
    void entryPointEndsInExec() throws IOException {
        assertThat(Files.readAllLines(Path.of("scripts", "tss")).getLast()).startsWith("exec ");
    }

    @Test
    void librariesComeBeforeTheProgram_andTheCacheIsLast() {
        List<String> order =
                lines.stream().filter(line -> line.startsWith("COPY --from") || line.contains("aot-cache &&"))
                        .map(line -> Arrays.asList(line.split(" ")).getLast()).toList();

        assertThat(order).startsWith("target/lib", "scripts/", "target/").hasSize(4);
    }

    @Test
    void copiedFilesExist_andReachTheBuild() throws IOException {
        List<String> ignored = Files.readAllLines(Path.of(".dockerignore"));

        assertThat(ignored).contains("*", "!pom.xml", "!src/main", "!scripts");
        assertThat(ignored).filteredOn(line -> line.startsWith("!"))
                .allMatch(line -> Files.exists(Path.of(line.substring(1))));
        assertThat(instructions("COPY").flatMap(copy -> Stream.of(copy.split(" ")))
                .filter(word -> word.startsWith("/build/scripts/"))
                .map(word -> Path.of(word.substring("/build/".length()))))
                .hasSize(3).allMatch(Files::isExecutable);
    }
}
