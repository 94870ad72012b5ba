package dev.tailsampling.config;

/**
 * What a policy's parser has to know besides the policy.
 *
 * @param compat whose meaning the Collector's types have
 * @param warnings collects what the author should know
 */
record PolicyContext(Compat compat, PolicyWarnings warnings) {

    void warn(String warning) {
        warnings.add(warning);
    }
}
