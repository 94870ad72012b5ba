package dev.tailsampling.parquet;

import org.jspecify.annotations.Nullable;

/** The file, or the column chunk in it, that messages name. */
record Place(String text) {

    static Place file(String location) {
        return new Place("Parquet file " + location);
    }

    Place chunk(int rowGroup, String column) {
        return new Place(text + ", row group " + rowGroup + ", column " + column);
    }

    CorruptFileException corrupt(String what) {
        return corrupt(what, null);
    }

    CorruptFileException corrupt(String what, @Nullable Throwable cause) {
        return new CorruptFileException(text + ": " + what, cause);
    }

    /** Throws if the file claims something impossible. */
    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw corrupt(otherwise);
        }
    }
}
