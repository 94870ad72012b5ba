package dev.tailsampling.selector;

/** A change of the force rules goes beyond their limits. The message is one sentence for the user. */
public final class ForceRuleException extends RuntimeException {

    ForceRuleException(String message) {
        super(message);
    }
}
