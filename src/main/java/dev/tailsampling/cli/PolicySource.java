package dev.tailsampling.cli;

import dev.tailsampling.config.PolicyException;
import dev.tailsampling.config.PolicyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an instance has its policies from: a file that may change while it runs, or a configuration that does not. */
final class PolicySource {

    private final LoadedPolicies policies;
    private final @Nullable Path file;
    private @Nullable Stamp seen;
    private @Nullable Stamp found;

    /** What tells that a file was written anew. */
    private record Stamp(FileTime modified, long size) {}

    private PolicySource(LoadedPolicies policies, @Nullable Path file) {
        this.policies = policies;
        this.file = file;
    }

    /** Policies that stay. */
    static PolicySource fixed(LoadedPolicies policies) {
        return new PolicySource(policies, null);
    }

    /** Policies that were read from a file. */
    static PolicySource watched(LoadedPolicies policies, Path file) {
        PolicySource source = new PolicySource(policies, file);
        source.seen = stamp(file);
        return source;
    }

    /** The policies at the beginning. */
    LoadedPolicies policies() {
        return policies;
    }

    /**
     * The policies of the file, if it was written since they were taken last.
     *
     * @throws PolicyException if it cannot be used; it is tried again when it is written again
     */
    Optional<LoadedPolicies> changed() {
        Path watched = file;
        if (watched == null) {
            return Optional.empty();
        }
        found = stamp(watched);
        // While a file is being replaced there may be none.
        if (found == null || found.equals(seen)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ActivePolicies.parse(watched.toString(), PolicyFile.read(watched).text()).loaded());
        } catch (PolicyException e) {
            taken();
            throw e;
        }
    }

    /** What {@link #changed} found last has been dealt with. */
    void taken() {
        seen = found == null ? seen : found;
    }

    private static @Nullable Stamp stamp(Path file) {
        try {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file + ": " + e.getMessage(), e);
        }
    }
}
