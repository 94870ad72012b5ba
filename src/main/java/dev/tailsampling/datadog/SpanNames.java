package dev.tailsampling.datadog;

/**
 * What Datadog groups spans by.
 *
 * @param service normalised name of the service, 1 … 100 bytes
 * @param operation normalised name of the operation (Datadog's span name), 1 … 100 bytes
 * @param resource what was worked on, such as "GET /cart" or a query, 1 … 5000 bytes
 * @param type "web", "http", "sql", …, at most 100 bytes
 */
public record SpanNames(String service, String operation, String resource, String type) {}
