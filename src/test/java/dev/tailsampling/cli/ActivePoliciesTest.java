package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.PolicyException;
import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.store.MemoryPolicyHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last change counts, whether it was made in a file or through the API, on whichever instance. */
class ActivePoliciesTest {

    private static final String ALL = "policies: [{name: all, type: always_sample}]";
    private static final String ERRORS =
            "policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]";
    private static final String SLOW = "policies: [{name: slow, type: latency, latency: {threshold_ms: 5000}}]";

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final PolicyHistory history = new MemoryPolicyHistory(() -> now);

    private ActivePolicies start(String instance, String text) {
        PolicySource fixed = PolicySource.fixed(ActivePolicies.parse("file", text).loaded());
        return ActivePolicies.start(history, fixed, instance, () -> now);
    }

    private static String policy(ActivePolicies policies) {
        return policies.now().set().policies().getFirst().name();
    }

    private void after(Duration pause) {
        now = now.plus(pause);
    }

    @Test
    void theFileIsActivatedOnceHoweverOftenInstancesStartWithIt() {
        start("a", ALL);
        start("b", ALL);
        start("a", ALL);

        PolicyActivation only = history.newest().orElseThrow();
        assertThat(history.list(10)).containsExactly(only);
        assertThat(only.author()).isEqualTo("a");
        assertThat(only.origin()).isEqualTo(Origin.FILE);
        assertThat(only.text()).isEqualTo(ALL);
        assertThat(only.version()).isEqualTo(ActivePolicies.parse("file", ALL).loaded().set().version());
    }

    @Test
    void whatTheApiActivatedStaysUntilTheFileChanges() {
        ActivePolicies first = start("a", ALL);
        assertThat(first.activate(1, "ann", ERRORS)).isPresent();
        assertThat(policy(first)).isEqualTo("errors");

        assertThat(policy(start("a", ALL))).as("after a restart").isEqualTo("errors");
        assertThat(policy(start("a", SLOW))).as("after a roll-out").isEqualTo("slow");
        assertThat(policy(start("a", ALL))).as("after a roll-back").isEqualTo("all");
        assertThat(history.list(10)).hasSize(4);
    }

    @Test
    void otherInstancesNoticeWithinFiveSeconds() {
        ActivePolicies here = start("a", ALL);
        ActivePolicies there = start("b", ALL);
        here.activate(1, "ann", ERRORS);

        assertThat(policy(here)).isEqualTo("errors");
        after(Duration.ofMillis(4_999));
        assertThat(policy(there)).isEqualTo("all");
        after(Duration.ofMillis(1));
        assertThat(policy(there)).isEqualTo("errors");
        assertThat(there.now()).isSameAs(there.now());
    }

    @Test
    void whoDoesNotKnowTheNewestCannotReplaceIt() {
        ActivePolicies here = start("a", ALL);
        ActivePolicies there = start("b", ALL);
        here.activate(1, "ann", ERRORS);

        assertThat(there.activate(1, "bob", SLOW)).isEqualTo(Optional.empty());
        assertThat(policy(there)).as("the refused one knows better now").isEqualTo("errors");
        assertThat(there.activate(there.current().activation().number(), "bob", SLOW)).isPresent();
        assertThat(policy(there)).isEqualTo("slow");
    }

    @Test
    void aTextThatCannotBeUsedChangesNothing() {
        ActivePolicies here = start("a", ALL);
        assertThatThrownBy(() -> here.activate(1, "ann", "policies: [{name: x, type: unknown}]"))
                .isInstanceOf(PolicyException.class).hasMessageContaining("unknown");
        assertThat(policy(here)).isEqualTo("all");
        assertThat(history.list(10)).hasSize(1);
    }

    @Test
    void aFileThatIsWrittenAnewIsActivatedAndABrokenOneIsNot(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), ALL);
        ActivePolicies here = ActivePolicies.start(history,
                PolicySource.watched(ActivePolicies.parse("file", ALL).loaded(), file), "a", () -> now);

        write(file, ERRORS, 1);
        assertThat(policy(here)).isEqualTo("errors");

        write(file, "policies: [", 2);
        assertThat(policy(here)).isEqualTo("errors");

        Files.delete(file);
        after(Duration.ofSeconds(5));
        assertThat(policy(here)).isEqualTo("errors");

        write(file, SLOW, 3);
        assertThat(policy(here)).isEqualTo("slow");
        assertThat(history.list(10)).extracting(PolicyActivation::origin).containsOnly(Origin.FILE);
    }

    @Test
    void aFileThatWasWrittenWhileTheControlPlaneWasAwayIsActivatedLater(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), ALL);
        boolean[] away = {false};
        PolicyHistory unreliable = (PolicyHistory) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{PolicyHistory.class}, (proxy, method, arguments) -> {
                    if (away[0]) {
                        throw new UncheckedIOException(new IOException("away"));
                    }
                    return method.invoke(history, arguments);
                });
        ActivePolicies here = ActivePolicies.start(unreliable,
                PolicySource.watched(ActivePolicies.parse("file", ALL).loaded(), file), "a", () -> now);

        away[0] = true;
        write(file, ERRORS, 1);
        assertThat(policy(here)).isEqualTo("all");
        away[0] = false;
        after(Duration.ofSeconds(5));
        assertThat(policy(here)).isEqualTo("errors");
    }

    private void write(Path file, String text, int second) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(now.plusSeconds(1_000 + second)));
        after(Duration.ofSeconds(5));
    }
}
