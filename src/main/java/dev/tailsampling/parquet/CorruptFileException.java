package dev.tailsampling.parquet;

import org.jspecify.annotations.Nullable;

/**
 * A Parquet file, or a column of it, cannot be read: its bytes contradict each other or the format, or it uses what this reader refuses,
 * such as encryption. The message names the file and, where known, the row group and the column.
 */
public final class CorruptFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The library's reader failed on a file for another reason than that of reading its bytes. */
    public static CorruptFileException byLibrary(String location, RuntimeException failure) {
        String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return Place.file(location).corrupt("it cannot be read (" + reason + ")", failure);
    }

    CorruptFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
