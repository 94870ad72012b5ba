package dev.tailsampling.config;

/**
 * What a policy's parser has to know besides the policy.
 *
 * @param compat whose meaning the Collector's types have
 * @param warnings collects what the author should know
 */
record PolicyContext(Compat compat, PolicyWarnings warnings) {

    /** Natively a field must be there; the Collector takes a missing one for zero, false or an empty list. */
    void require(PolicyFields fields, String name) {
        if (!compat.isCollector()) {
            fields.get(name);
        }
    }

    void warn(String warning) {
        warnings.add(warning);
    }
}
