package dev.tailsampling.config;

/** The configuration cannot be used. The message is one sentence for the user: where, which key, and what is wrong. */
public sealed class ConfigException extends RuntimeException permits PolicyException {

    /** With that message. */
    public ConfigException(String message) {
        super(message);
    }

    /** With that message and what led to it. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
