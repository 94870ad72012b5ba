package dev.tailsampling.ottl;

/** What a condition says of a span. */
public enum OttlResult {
    /** The condition holds. */
    TRUE,
    /** The condition does not hold. */
    FALSE,
    /** The condition could not be evaluated, as when a function meets a value of the wrong type. */
    ERROR
}
