package dev.tailsampling.config;

/** A text that must not be shown: it prints as {@code ***}. */
public record Secret(String value) {

    /** The text itself, for the library that needs it; never for a log or a message. */
    @Override
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return SecretMask.HIDDEN;
    }
}
