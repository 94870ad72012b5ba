package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedPartsTest {

    @Test
    void allAreClosedTheLastFirst() {
        List<String> closed = new ArrayList<>();
        IllegalStateException stuck = new IllegalStateException("stuck");
        OpenedParts opened = new OpenedParts();
        opened.add(() -> closed.add("first"));
        opened.add(() -> {
            throw stuck;
        });
        opened.add(() -> closed.add("third"));
        IllegalStateException failure = new IllegalStateException("the port is taken");

        opened.closeAfter(failure);
        opened.closeAfter(failure);

        assertThat(closed).containsExactly("third", "first");
        assertThat(failure.getSuppressed()).containsExactly(stuck);
    }
}
