package dev.tailsampling.selector;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything outside that the flow needs.
 *
 * @param source where spans come from
 * @param fetcher reads whole spans of kept traces
 * @param log the ledger
 * @param recent decisions of the recent past
 * @param control progress and reports for operators
 * @param exporter where kept traces go
 * @param observer looks at every span that is read for the first time
 * @param handOvers keeps what was seen of traces that are open for long; null if the source is read again instead
 * @param clock wall clock, for records and durations only: no decision looks at it
 */
public record SelectorPorts(SpanSource source, SpanFetcher fetcher, DecisionLog log, RecentDecisions recent,
        ControlLog control, TraceExporter exporter, SpanObserver observer, @Nullable HandOvers handOvers,
        InstantSource clock) {

    /** Ports of a selector that reads spans of open traces again after a restart. */
    public SelectorPorts(SpanSource source, SpanFetcher fetcher, DecisionLog log, RecentDecisions recent,
            ControlLog control, TraceExporter exporter, InstantSource clock) {
        this(source, fetcher, log, recent, control, exporter, SpanObserver.NONE, null, clock);
    }
}
