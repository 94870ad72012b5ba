package dev.tailsampling.selector;

import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes sampled traces from memory, fetches the others, and hands all to the exporter in batches. */
final class TraceExport {

    private final SpanFetcher fetcher;
    private final TraceExporter exporter;
    private final long batchBytes;
    private final OutgoingSpans outgoing;
    private @Nullable String problem;
    private @Nullable String group;

    TraceExport(SpanFetcher fetcher, TraceExporter exporter, long batchBytes) {
        this(fetcher, exporter, batchBytes, new OutgoingSpans());
    }

    TraceExport(SpanFetcher fetcher, TraceExporter exporter, long batchBytes, OutgoingSpans outgoing) {
        this.fetcher = fetcher;
        this.exporter = exporter;
        this.batchBytes = batchBytes;
        this.outgoing = outgoing;
    }

    /** Names what is exported next, see {@link TraceExporter#begin}. */
    void begin(String name) {
        group = name;
    }

    /**
     * Exports the sampled traces of the group that was begun: from the cache those that are there whole, the others fetched from below the given offsets.
     *
     * @return whether every batch was taken or refused for good; if not, all is to be exported again
     */
    Confirmation export(List<ExportRequest> requests, SpanCache cache, SourceOffsets until, CycleCounts counts) {
        if (!requests.isEmpty()) {
            exporter.begin(Objects.requireNonNull(group, "the group has no name"));
        }
        Run run = new Run(requests, counts);
        List<ExportRequest> elsewhere = new ArrayList<>();
        for (ExportRequest request : requests) {
            TraceId traceId = request.fetch().traceId();
            if (cache.holdsAll(traceId.high(), traceId.low(), request.spanCount())) {
                run.read(traceId, cache);
            } else {
                elsewhere.add(request);
            }
        }
        run.fetch(elsewhere, until);
        return run.finish();
    }

    /** What the exporter last complained of, null if it never did. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Whether an export is known to have ended. */
    enum Confirmation {
        CONFIRMED, UNCONFIRMED
    }

    private final class Run implements SpanFetcher.Receiver {

        private final Map<TraceId, ExportRequest> byTrace = new HashMap<>();
        private final Map<TraceId, Integer> missingSpans = new HashMap<>();
        private final DistinctSpans distinct = new DistinctSpans();
        private final CycleCounts counts;
        private List<SampledTrace> batch = new ArrayList<>();
        private long bytes;
        private ExportOutcome.@Nullable Unknown unknown;

        Run(List<ExportRequest> requests, CycleCounts counts) {
            requests.forEach(request -> byTrace.put(request.fetch().traceId(), request));
            this.counts = counts;
        }

        void read(TraceId traceId, SpanCache cache) {
            if (wantsMore()) {
                cache.read(traceId.high(), traceId.low(), SpanFetcher.PART_BYTES, (otlp, spanCount) -> {
                    counts.add(CycleMetric.SPANS_FROM_MEMORY, spanCount);
                    counts.add(CycleMetric.BYTES_FROM_MEMORY, otlp.length);
                    take(traceId, otlp, spanCount);
                });
            }
        }

        void fetch(List<ExportRequest> requests, SourceOffsets until) {
            requests.forEach(
                    request -> missingSpans.merge(request.fetch().traceId(), request.spanCount(), Integer::sum));
            if (wantsMore() && !requests.isEmpty()) {
                fetcher.fetch(requests.stream().map(ExportRequest::fetch).toList(), until, this);
            }
        }

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            missingSpans.merge(traceId, -spanCount, Integer::sum);
            if (request(traceId).leavesOnce()) {
                distinct.passOn(traceId, otlp, spanCount, this::takeFetched);
            } else {
                takeFetched(traceId, otlp, spanCount);
            }
        }

        private void takeFetched(TraceId traceId, byte[] otlp, int spanCount) {
            counts.add(CycleMetric.SPANS_FETCHED, spanCount);
            counts.add(CycleMetric.BYTES_FETCHED, otlp.length);
            take(traceId, otlp, spanCount);
        }

        /**
         * All is exported again when the outcome of one batch is not known, so the rest need not even be fetched, unless
         * there are other destinations: they take all of it now, and nothing then.
         */
        @Override
        public boolean wantsMore() {
            return unknown == null || exporter.wantsMore();
        }

        private void take(TraceId traceId, byte[] otlp, int spanCount) {
            ExportRequest request = request(traceId);
            if (!wantsMore()) {
                counts.add(CycleMetric.SPANS_UNCONFIRMED, spanCount);
                return;
            }
            byte[] leaving = outgoing.of(otlp, new OutgoingTraceState(request.randomness(), request.threshold()));
            counts.add(CycleMetric.SPANS_MALFORMED_TRACESTATE, outgoing.malformed());
            batch.add(new SampledTrace(traceId, leaving, spanCount, request.policy(), request.threshold()));
            bytes += leaving.length;
            if (bytes >= batchBytes) {
                send();
            }
        }

        private ExportRequest request(TraceId traceId) {
            ExportRequest request = byTrace.get(traceId);
            if (request == null) {
                throw new IllegalStateException("the fetcher brought a trace that nobody asked for: " + traceId);
            }
            return request;
        }

        private void send() {
            List<SampledTrace> full = batch;
            batch = new ArrayList<>();
            bytes = 0;
            if (!full.isEmpty()) {
                long spans = full.stream().mapToLong(SampledTrace::spanCount).sum();
                note(exporter.export(full), spans);
            }
        }

        private void note(ExportOutcome outcome, long spans) {
            switch (outcome) {
                case ExportOutcome.Exported exported -> {
                    counts.add(CycleMetric.SPANS_EXPORTED, spans - exported.lostSpans());
                    counts.add(CycleMetric.SPANS_REFUSED, exported.rejectedSpans());
                    problem = exported.rejectedSpans() == 0 ? problem : exported.message();
                }
                case ExportOutcome.Refused refused -> {
                    counts.add(CycleMetric.SPANS_REFUSED, spans);
                    problem = refused.reason();
                }
                case ExportOutcome.Unknown failure -> {
                    counts.add(CycleMetric.SPANS_UNCONFIRMED, spans);
                    unknown = failure;
                    problem = failure.reason();
                }
            }
        }

        Confirmation finish() {
            send();
            if (wantsMore() && !byTrace.isEmpty()) {
                note(exporter.flush(), 0);
            }
            if (unknown != null) {
                return Confirmation.UNCONFIRMED;
            }
            counts.add(CycleMetric.SPANS_MISSING,
                    missingSpans.values().stream().mapToLong(missing -> Math.max(0, missing)).sum());
            return Confirmation.CONFIRMED;
        }
    }
}
