package dev.tailsampling.policy;

/** Which spans of a trace have to pass a test. */
public enum Quantifier {
    /** At least one. A test with several parts must be passed by one span in all its parts. */
    ANY_SPAN,
    /** Every one. */
    ALL_SPANS,
    /** A span without parent; never true of a trace whose root was not seen. */
    ROOT
}
