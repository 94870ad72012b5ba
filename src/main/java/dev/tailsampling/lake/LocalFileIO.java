package dev.tailsampling.lake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.iceberg.Files;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Files of the local disk, named by plain paths or by {@code file:} URIs. Iceberg's own {@code HadoopFileIO} needs far
 * more of Hadoop than we ship. Thread-safe. Iceberg creates it by reflection, hence public with a public constructor.
 */
public final class LocalFileIO implements FileIO {

    private static final long serialVersionUID = 1L;
    private static final String SCHEME = "file:";

    /** Needs no configuration. */
    public LocalFileIO() {}

    @Override
    public InputFile newInputFile(String path) {
        return Files.localInput(file(path));
    }

    /** Makes the folder too: Iceberg's own way to make it fails when another thread makes it at the same moment. */
    @Override
    public OutputFile newOutputFile(String path) {
        File file = file(path);
        try {
            java.nio.file.Files.createDirectories(file.toPath().getParent());
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to create the folder of file: %s", path);
        }
        return Files.localOutput(file);
    }

    /** Deletes the file; one that does not exist is no error, as with object stores. */
    @Override
    public void deleteFile(String path) {
        try {
            java.nio.file.Files.deleteIfExists(file(path).toPath());
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to delete file: %s", path);
        }
    }

    /** Locations are not percent-encoded, so {@code file:} is cut off rather than parsed as a URI. */
    private static File file(String location) {
        if (!location.startsWith(SCHEME)) {
            return Path.of(location).toAbsolutePath().toFile();
        }
        String path = location.substring(SCHEME.length());
        return new File(path.startsWith("///") ? path.substring(2) : path);
    }
}
