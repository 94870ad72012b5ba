package dev.tailsampling.config;

/** A policies file cannot be used. The message is one sentence for the user: where, which policy, and what is wrong. */
public final class PolicyException extends ConfigException {

    /** With that message. */
    public PolicyException(String message) {
        super(message);
    }

    /** With that message and what led to it. */
    public PolicyException(String message, Throwable cause) {
        super(message, cause);
    }
}
