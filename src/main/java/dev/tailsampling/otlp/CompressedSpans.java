package dev.tailsampling.otlp;

import dev.tailsampling.otlp.SimilarSpans.Similarity;
import dev.tailsampling.otlp.SpanRun.Member;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Joins similar exit spans of a trace, such as the queries of a loop. Similar are client or producer spans of the same
 * parent, resource, scope, name, kind, status and tracestate, whose queries are the same but for literals and that went to
 * the same place: database, server, destination, HTTP method with route or URL, RPC method. Those that
 * start within the window of the first of them become one span, if they are enough.
 *
 * <p>That span has the ids and attributes of the first, lasts from its start to the last end, and says in
 * {@code tss.compression.count}, {@code .duration_total_nanos}, {@code .duration_min_nanos}, {@code .duration_max_nanos},
 * {@code .first_start_unix_nano} and {@code .last_end_unix_nano} what there was; its query has no literals.
 *
 * <p>Never joined are spans with an error, with events or links, without start or end, those that another span of the
 * request has as its parent or links to, and those that are joined already. Spans that are not joined stay byte for byte. The
 * outcome does not depend on the order of the spans. Not thread-safe.
 */
public final class CompressedSpans {

    private static final Comparator<Member> BY_START = Comparator.comparingLong(Member::startUnixNano)
            .thenComparingLong(Member::endUnixNano).thenComparingLong(Member::spanId);

    private final int minCount;
    private final long windowNanos;
    private final long maxDurationNanos;
    private final String source;
    private final OtlpSpans spans = new OtlpSpans();

    /**
     * A compression.
     *
     * @param source in which table or topic the originals are; goes to {@code tss.compression.source}
     */
    public CompressedSpans(SpanCompression settings, String source) {
        this.minCount = settings.minCount();
        this.windowNanos = TimeUnit.NANOSECONDS.convert(settings.window());
        this.maxDurationNanos = TimeUnit.NANOSECONDS.convert(settings.maxSpanDuration());
        this.source = source;
    }

    /**
     * The request with similar spans joined; the same array if there are none.
     *
     * @param request an {@code ExportTraceServiceRequest} with spans of one trace. Of a large trace that comes in several
     *     requests, each is taken for itself: a run becomes one span in each, and a child in another request is not known
     * @throws MalformedOtlpException if it is not OTLP
     */
    public byte[] of(byte[] request) {
        Relations relations = new Relations();
        forEach(request, (span, index) -> relations.note(span));
        if (!relations.mayHaveRun()) {
            return request;
        }
        List<SpanRun> runs = runs(request, relations);
        return runs.isEmpty() ? request : written(request, runs);
    }

    private interface Visitor {
        void span(WireSpan span, int index);
    }

    private void forEach(byte[] request, Visitor visitor) {
        int[] index = {0};
        spans.forEach(request, 0, request.length, span -> visitor.span(span, index[0]++));
    }

    /** Who refers to whom in a request. */
    private final class Relations {

        private final Set<Long> referredTo = new HashSet<>();
        private final Map<Long, Integer> exitSpansByParent = new HashMap<>();

        void note(WireSpan span) {
            referredTo.add(span.parentSpanId());
            if (span.linkCount() > 0) {
                span.anyLink(link -> {
                    referredTo.add(link.spanId());
                    return false;
                });
            }
            if (isOrdinaryExit(span)) {
                exitSpansByParent.merge(span.parentSpanId(), 1, Integer::sum);
            }
        }

        boolean mayHaveRun() {
            return exitSpansByParent.values().stream().anyMatch(count -> count >= minCount);
        }

        boolean mayJoin(WireSpan span) {
            return isOrdinaryExit(span) && exitSpansByParent.getOrDefault(span.parentSpanId(), 0) >= minCount
                    && !referredTo.contains(span.spanId());
        }
    }

    private boolean isOrdinaryExit(WireSpan span) {
        boolean exit = span.kind() == SpanKind.CLIENT || span.kind() == SpanKind.PRODUCER;
        long start = span.startUnixNano();
        long end = span.endUnixNano();
        return exit && span.parentSpanId() != 0 && span.spanId() != 0 && span.status() != StatusCode.ERROR
                && span.eventCount() == 0 && span.linkCount() == 0
                && start > 0 && end >= start && end - start <= maxDurationNanos;
    }

    private List<SpanRun> runs(byte[] request, Relations relations) {
        SimilarSpans similar = new SimilarSpans();
        Map<Similarity, List<Member>> groups = new LinkedHashMap<>();
        forEach(request, (span, index) -> {
            Similarity similarity = relations.mayJoin(span) ? similar.of(span) : null;
            if (similarity != null) {
                groups.computeIfAbsent(similarity, first -> new ArrayList<>())
                        .add(new Member(index, span.spanId(), span.startUnixNano(), span.endUnixNano()));
            }
        });
        List<SpanRun> runs = new ArrayList<>();
        groups.values().forEach(members -> addRuns(members, runs));
        return runs;
    }

    private void addRuns(List<Member> similar, List<SpanRun> runs) {
        similar.sort(BY_START);
        int from = 0;
        while (similar.size() - from >= minCount) {
            int to = windowEnd(similar, from);
            if (to - from >= minCount) {
                runs.add(new SpanRun(similar.subList(from, to)));
                from = to;
            } else {
                from++;
            }
        }
    }

    /** Index after the last span that starts within the window of that one. */
    private int windowEnd(List<Member> similar, int from) {
        long start = similar.get(from).startUnixNano();
        int to = from + 1;
        while (to < similar.size() && similar.get(to).startUnixNano() - start <= windowNanos) {
            to++;
        }
        return to;
    }

    private byte[] written(byte[] request, List<SpanRun> runs) {
        BitSet left = new BitSet();
        Map<Integer, SpanRun> joined = new HashMap<>();
        for (SpanRun run : runs) {
            run.members().forEach(member -> left.set(member.index()));
            joined.put(run.first().index(), run);
        }
        TraceBytes copies = new TraceBytes(request.length);
        forEach(request, (span, index) -> {
            @Nullable SpanRun run = joined.get(index);
            if (run != null) {
                copies.add(span, writer -> run.writeTo(writer, span, source));
            } else if (!left.get(index)) {
                copies.add(span);
            }
        });
        byte @Nullable [] written = copies.take();
        return written == null ? request : written;
    }
}
