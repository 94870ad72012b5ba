package dev.tailsampling.selector;

import java.time.Instant;

/**
 * A row that could not be decoded.
 *
 * @param source the table, "namespace.table"
 * @param row which it was; its location is -1, for the file may be another by now
 * @param reason why, in one sentence
 * @param firstSeen when it was read first
 */
public record DeadLetter(String source, SourceRow row, String reason, Instant firstSeen) {}
