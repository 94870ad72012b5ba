package dev.tailsampling.backfill;

import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.TraceExporter;
import java.time.InstantSource;

/**
 * Everything outside that a backfill needs.
 *
 * @param history the table
 * @param log the ledger; a dry run does not touch it
 * @param recent decisions of the recent past
 * @param control what operators want to know
 * @param runs runs and slices
 * @param exporter where kept traces go, in export mode only
 * @param clock wall clock, for records and durations only: no decision looks at it
 */
public record BackfillPorts(SpanHistory history, DecisionLog log, RecentDecisions recent, ControlLog control,
        BackfillRuns runs, TraceExporter exporter, InstantSource clock) {}
