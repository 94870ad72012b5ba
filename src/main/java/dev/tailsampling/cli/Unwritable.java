package dev.tailsampling.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says why a file cannot be written: the exceptions themselves often give no more than its name. */
final class Unwritable {

    private Unwritable() {}

    static CommandException of(Path file, IOException failure) {
        return new CommandException("cannot write " + file + ": " + reason(file, failure));
    }

    private static String reason(Path file, IOException failure) {
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        return switch (failure) {
            case NoSuchFileException missing -> "its folder does not exist";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException inTheWay -> inTheWay.getFile() + " is no folder";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
