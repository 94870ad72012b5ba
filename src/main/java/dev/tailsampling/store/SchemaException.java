package dev.tailsampling.store;

import java.io.IOException;

/** The database cannot be used by this program as it is; the message says why, as the rest of a sentence. */
final class SchemaException extends IOException {

    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        super(message);
    }
}
