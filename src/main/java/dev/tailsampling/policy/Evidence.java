package dev.tailsampling.policy;

/**
 * A span that made a policy say what it says.
 *
 * @param spanId its id
 * @param spanName its name
 * @param service {@code service.name} of its resource, empty when it has none
 * @param found what was found on it: {@code resource.service.name = "checkout"}
 */
public record Evidence(long spanId, String spanName, String service, String found) {}
