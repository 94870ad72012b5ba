package dev.tailsampling.config;

/** A policy has no form in a policies file. The message says what it is that cannot be written. */
final class UnwritableException extends RuntimeException {

    UnwritableException(String what) {
        super(what);
    }
}
