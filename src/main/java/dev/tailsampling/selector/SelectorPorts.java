package dev.tailsampling.selector;

import java.time.InstantSource;

/**
 * Everything outside that the flow needs.
 *
 * @param source where spans come from
 * @param fetcher reads whole spans of kept traces
 * @param log the ledger
 * @param recent decisions of the recent past
 * @param control progress and reports for operators
 * @param exporter where kept traces go
 * @param clock wall clock, for records and durations only: no decision looks at it
 */
public record SelectorPorts(SpanSource source, SpanFetcher fetcher, DecisionLog log, RecentDecisions recent,
        ControlLog control, TraceExporter exporter, InstantSource clock) {}
