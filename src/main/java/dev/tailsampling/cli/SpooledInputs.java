package dev.tailsampling.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Inputs that can be read twice: standard input is copied to a temporary file when that is needed. */
final class SpooledInputs implements AutoCloseable {

    private final List<String> names = new ArrayList<>();
    private final List<Path> temporary = new ArrayList<>();

    private SpooledInputs() {}

    /** Inputs for a load of that many commits; one commit needs no second reading. */
    static SpooledInputs of(List<String> inputs, int commits) {
        SpooledInputs spooled = new SpooledInputs();
        for (String input : inputs) {
            spooled.names.add(input.equals("-") && commits > 1 ? spooled.copyOfStandardInput() : input);
        }
        return spooled;
    }

    private String copyOfStandardInput() {
        try {
            Path copy = Files.createTempFile("tss-load", ".jsonl");
            temporary.add(copy);
            Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy standard input to a temporary file: " + e.getMessage(), e);
        }
    }

    List<String> names() {
        return names;
    }

    @Override
    public void close() {
        for (Path copy : temporary) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                copy.toFile().deleteOnExit();
            }
        }
    }
}
