/**
 * Backfill: the one flow of {@link dev.tailsampling.selector.TraceSelector} over a past range of arrival times, in slices
 * that are recorded, so that a run that was killed goes on. Knows no table format and no database, only ports.
 */
@NullMarked
package dev.tailsampling.backfill;

import org.jspecify.annotations.NullMarked;
