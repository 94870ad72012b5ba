/**
 * The Iceberg adapter: catalogs, AutoMQ Table Topic tables as a {@link dev.tailsampling.selector.SpanSource} and
 * {@link dev.tailsampling.selector.SpanFetcher}, a writer of such tables for demos and tests, and the decision ledger.
 * Source tables are only read; the only table written for keeps is the ledger's own.
 */
@NullMarked
package dev.tailsampling.lake;

import org.jspecify.annotations.NullMarked;
