package dev.tailsampling.policy;

import dev.tailsampling.trace.OtelTraceState;
import dev.tailsampling.trace.Randomness;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import dev.tailsampling.trace.TraceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of an open trace: about a hundred bytes, whatever its size. Adding spans and {@link #merge} are
 * commutative and associative, so order, batching and sharding cannot change a decision.
 *
 * <p>Mutable, not thread-safe. Times of spans are nanoseconds since the epoch, arrivals milliseconds since the epoch.
 */
public final class TraceSummary {

    /** Most distinct values of one kind, as in Refinery. */
    private static final int MAX_VALUES = 100;
    private final long traceIdHigh;
    private final long traceIdLow;
    private long startUnixNano = Long.MAX_VALUE;
    private long endUnixNano = Long.MIN_VALUE;
    private long firstArrivalMillis = Long.MAX_VALUE;
    private long lastArrivalMillis = Long.MIN_VALUE;
    private long byteCount;
    private long conditions;
    private int spanCount;
    private int eventAndLinkCount;
    private LocationSet locations = LocationSet.NONE;
    private byte statusBits;
    private byte recordsBefore;
    private boolean handedOver;
    private @Nullable String rootService;
    private @Nullable String rootName;
    private @Nullable Rare rare;

    /** What few traces need, kept apart so that the others do not pay for it. */
    private static final class Rare {
        private long randomness = Randomness.NONE;
        private @Nullable Threshold incomingThreshold;
        private @Nullable List<SortedSet<String>> values;
        private long[] moreConditions = {};
        private @Nullable Active active;
    }

    /** First and last activity, where it is not what the arrivals say. */
    private record Active(long firstMillis, long lastMillis) {}

    /** A summary of no span yet. */
    public TraceSummary(long traceIdHigh, long traceIdLow) {
        this.traceIdHigh = traceIdHigh;
        this.traceIdLow = traceIdLow;
    }

    /** Adds what every policy set needs of a span; conditions are the {@link SpanFolder}'s part. */
    void add(SpanView span) {
        spanCount++;
        eventAndLinkCount += span.eventCount() + span.linkCount();
        byteCount += span.encodedSize();
        addTimes(span.startUnixNano(), span.endUnixNano());
        statusBits |= (byte) (1 << span.status().ordinal());
        String traceState = span.traceState();
        if (traceState != null) {
            OtelTraceState ot = TraceState.otel(traceState);
            addRandomness(ot.randomness());
            addIncomingThreshold(ot.threshold());
        }
    }

    private void addTimes(long start, long end) {
        if (start != 0) {
            startUnixNano = Math.min(startUnixNano, start);
        }
        if (end != 0) {
            endUnixNano = Math.max(endUnixNano, end);
        }
    }

    /** Several values in one trace contradict the specification; the lowest counts, so that order does not matter. */
    void addRandomness(long randomness) {
        long known = explicitRandomness();
        if (randomness != Randomness.NONE && (known == Randomness.NONE || randomness < known)) {
            rare().randomness = randomness;
        }
    }

    /** Each span has its own; the lowest is the one with which something of the trace came through. */
    void addIncomingThreshold(@Nullable Threshold threshold) {
        Threshold known = incomingThreshold();
        if (threshold != null && (known == null || threshold.compareTo(known) < 0)) {
            rare().incomingThreshold = threshold;
        }
    }

    /** The lowest {@code rv} of a span, {@link Randomness#NONE} if no span had one. */
    long explicitRandomness() {
        return rare == null ? Randomness.NONE : rare.randomness;
    }

    /** Notes a root span; of several the one whose service and name sort first is shown. */
    void addRoot(String service, String name) {
        String shownService = rootService;
        String shownName = rootName;
        if (shownService == null || shownName == null || compare(service, name, shownService, shownName) < 0) {
            rootService = service;
            rootName = name;
        }
    }

    private static int compare(String service, String name, String otherService, String otherName) {
        int byService = service.compareTo(otherService);
        return byService != 0 ? byService : name.compareTo(otherName);
    }

    /**
     * Notes when and where a span arrived. Returns whether the trace had no span there before.
     *
     * @param location a number that the source gave, at least 0
     */
    public boolean arrived(long arrivalMillis, int location) {
        firstArrivalMillis = Math.min(firstArrivalMillis, arrivalMillis);
        lastArrivalMillis = Math.max(lastArrivalMillis, arrivalMillis);
        LocationSet before = locations;
        locations = before.with(location);
        return locations != before;
    }

    /** The same for a span whose record may tell a wrong time; {@code activeMillis} is what is to be believed of it. */
    public boolean arrived(long arrivalMillis, long activeMillis, int location) {
        if (arrivalMillis != activeMillis || active() != null) {
            addActive(activeMillis, activeMillis);
        }
        return arrived(arrivalMillis, location);
    }

    /**
     * Notes how many records of the first location came before the trace's first span, where a location is a stretch of
     * records: spans of the same trace among them belong to an earlier decision.
     *
     * @param records 0 to 255
     */
    public void beginsAfter(int records) {
        recordsBefore = (byte) records;
    }

    /** How many records of the first location came before the first span, 0 where a location is something else. */
    public int recordsBefore() {
        return Byte.toUnsignedInt(recordsBefore);
    }

    /** Of two that begin at the same place the earlier one's; else that of whoever begins before the other. */
    private void mergeBeginning(TraceSummary other) {
        int otherFirst = other.locations.first();
        if (locations == LocationSet.NONE) {
            recordsBefore = other.recordsBefore;
        } else if (otherFirst >= 0 && !locations.beginsBefore(otherFirst)) {
            boolean together = locations.first() == otherFirst;
            beginsAfter(together ? Math.min(recordsBefore(), other.recordsBefore()) : other.recordsBefore());
        }
    }

    /** Takes over when and where the spans of another summary of the same trace arrived. Of the spans nothing changes. */
    public void arrivedAs(TraceSummary other) {
        if (active() != null || other.active() != null) {
            addActive(other.firstActiveMillis(), other.lastActiveMillis());
        }
        firstArrivalMillis = Math.min(firstArrivalMillis, other.firstArrivalMillis);
        lastArrivalMillis = Math.max(lastArrivalMillis, other.lastArrivalMillis);
        mergeBeginning(other);
        locations = locations.withAll(other.locations);
    }

    /** Whether what was seen of the trace is kept elsewhere, so that its spans need not be read again after a restart. */
    public boolean isHandedOver() {
        return handedOver;
    }

    /** Notes that what was seen of the trace is kept elsewhere from now on. */
    public void handOver() {
        handedOver = true;
    }

    private @Nullable Active active() {
        return rare == null ? null : rare.active;
    }

    /** To be called before the arrivals change: as long as nothing was noted, they are the activity. */
    private void addActive(long firstMillis, long lastMillis) {
        rare().active =
                new Active(Math.min(firstActiveMillis(), firstMillis), Math.max(lastActiveMillis(), lastMillis));
    }

    /** Takes in all that another summary of the same trace has seen. */
    public void merge(TraceSummary other) {
        if (active() != null || other.active() != null) {
            addActive(other.firstActiveMillis(), other.lastActiveMillis());
        }
        spanCount += other.spanCount;
        eventAndLinkCount += other.eventAndLinkCount;
        byteCount += other.byteCount;
        startUnixNano = Math.min(startUnixNano, other.startUnixNano);
        endUnixNano = Math.max(endUnixNano, other.endUnixNano);
        firstArrivalMillis = Math.min(firstArrivalMillis, other.firstArrivalMillis);
        lastArrivalMillis = Math.max(lastArrivalMillis, other.lastArrivalMillis);
        statusBits |= other.statusBits;
        conditions |= other.conditions;
        if (other.rootService != null && other.rootName != null) {
            addRoot(other.rootService, other.rootName);
        }
        mergeBeginning(other);
        locations = locations.withAll(other.locations);
        if (other.rare != null) {
            mergeRare(other.rare);
        }
    }

    private void mergeRare(Rare other) {
        addRandomness(other.randomness);
        addIncomingThreshold(other.incomingThreshold);
        for (int word = 0; word < other.moreConditions.length; word++) {
            moreConditions(word + 1)[word] |= other.moreConditions[word];
        }
        if (other.values != null) {
            for (int slot = 0; slot < other.values.size(); slot++) {
                for (String value : other.values.get(slot)) {
                    addValue(slot, value);
                }
            }
        }
    }

    private Rare rare() {
        Rare more = rare;
        if (more == null) {
            more = new Rare();
            rare = more;
        }
        return more;
    }

    private long[] moreConditions(int words) {
        Rare more = rare();
        if (more.moreConditions.length < words) {
            more.moreConditions = Arrays.copyOf(more.moreConditions, words);
        }
        return more.moreConditions;
    }

    /** Collects a distinct value; of many those that sort first, so that order does not matter. */
    void addValue(int slot, String value) {
        Rare more = rare();
        List<SortedSet<String>> all = more.values;
        if (all == null) {
            all = new ArrayList<>();
            more.values = all;
        }
        while (all.size() <= slot) {
            all.add(new TreeSet<>());
        }
        SortedSet<String> distinct = all.get(slot);
        if (distinct.add(value) && distinct.size() > MAX_VALUES) {
            distinct.remove(distinct.last());
        }
    }

    /** The distinct values collected in a slot. */
    SortedSet<String> values(int slot) {
        return rare == null || rare.values == null || rare.values.size() <= slot
                ? Collections.emptySortedSet()
                : rare.values.get(slot);
    }

    /** In how many slots values may have been collected. */
    int valueSlots() {
        return rare == null || rare.values == null ? 0 : rare.values.size();
    }

    /** Whether some span satisfied the condition that owns this bit. */
    boolean satisfied(int condition) {
        return (conditionWord(condition >>> 6) & 1L << condition) != 0;
    }

    void satisfy(int condition) {
        int word = condition >>> 6;
        if (word == 0) {
            conditions |= 1L << condition;
        } else {
            moreConditions(word)[word - 1] |= 1L << condition;
        }
    }

    /** Bits of conditions 64 × word … 64 × word + 63. */
    public long conditionWord(int word) {
        if (word == 0) {
            return conditions;
        }
        return rare == null || rare.moreConditions.length < word ? 0 : rare.moreConditions[word - 1];
    }

    /** Beyond so many words there are no bits. */
    int conditionWords() {
        return rare == null ? 1 : 1 + rare.moreConditions.length;
    }

    /** Sets those bits, when a summary is rebuilt from a record. */
    public void restoreConditionWord(int word, long bits) {
        if (word == 0) {
            conditions = bits;
        } else if (bits != 0) {
            moreConditions(word)[word - 1] = bits;
        }
    }

    /** Sets the counted part, when a summary is rebuilt from a record. */
    public void restore(int spans, long bytes, long startNano, long endNano, int statusCodeBits, long randomness) {
        spanCount = spans;
        byteCount = bytes;
        addTimes(startNano, endNano);
        statusBits = (byte) statusCodeBits;
        if (randomness != Randomness.ofTraceId(traceIdLow)) {
            addRandomness(randomness);
        }
    }

    /** Sets what a record tells besides, when a summary is rebuilt from it. */
    public void restore(int eventsAndLinks, @Nullable Threshold incomingThreshold, @Nullable String service,
            @Nullable String name) {
        eventAndLinkCount = eventsAndLinks;
        addIncomingThreshold(incomingThreshold);
        if (service != null && name != null) {
            addRoot(service, name);
        }
    }

    /** Sets when and where spans arrived, when a summary is rebuilt from bytes. */
    void restoreArrivals(long firstArrival, long lastArrival, long firstActive, long lastActive, LocationSet places) {
        firstArrivalMillis = firstArrival;
        lastArrivalMillis = lastArrival;
        locations = places;
        if (firstActive != firstArrival || lastActive != lastArrival) {
            rare().active = new Active(firstActive, lastActive);
        }
    }

    /** Whether some span has this status. */
    public boolean hasStatus(StatusCode code) {
        return (statusBits & 1 << code.ordinal()) != 0;
    }

    /** One bit for each status code seen, by its wire number. */
    public int statusBits() {
        return statusBits;
    }

    /** R of the trace: an explicit {@code rv} if a span had one, else from the trace id. */
    public long randomness() {
        long explicit = explicitRandomness();
        return explicit == Randomness.NONE ? Randomness.ofTraceId(traceIdLow) : explicit;
    }

    /** The lowest {@code th} of a span, with which samplers before this one kept the trace; null if no span had one. */
    public @Nullable Threshold incomingThreshold() {
        return rare == null ? null : rare.incomingThreshold;
    }

    /** Latest end minus earliest start in nanoseconds, at least 0; 0 while either is unknown. */
    public long durationNanos() {
        return startUnixNano == Long.MAX_VALUE || endUnixNano == Long.MIN_VALUE
                ? 0
                : Math.max(0, endUnixNano - startUnixNano);
    }

    /** Numbers of the places that hold the trace's spans, each once, in the order in which they were found. */
    public int[] locations() {
        return locations.toArray();
    }

    /** The trace's id. */
    public TraceId traceId() {
        return new TraceId(traceIdHigh, traceIdLow);
    }

    /** Bytes 0–7 of the id. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Bytes 8–15 of the id. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Spans seen, duplicates included. */
    public int spanCount() {
        return spanCount;
    }

    /** Events and links of the spans. */
    public int eventAndLinkCount() {
        return eventAndLinkCount;
    }

    /** Spans, their events and their links. */
    public int itemCount() {
        return spanCount + eventAndLinkCount;
    }

    /** Whether a span's tracestate has something to say on sampling. */
    boolean hasSamplingState() {
        return explicitRandomness() != Randomness.NONE || incomingThreshold() != null;
    }

    /** Size of those spans as OTLP protobuf, in bytes. */
    public long byteCount() {
        return byteCount;
    }

    /** Earliest start, 0 if no span had one. */
    public long startUnixNano() {
        return startUnixNano == Long.MAX_VALUE ? 0 : startUnixNano;
    }

    /** Latest end, 0 if no span had one. */
    public long endUnixNano() {
        return endUnixNano == Long.MIN_VALUE ? 0 : endUnixNano;
    }

    /** Arrival of the first span, as its record says. */
    public long firstArrivalMillis() {
        return firstArrivalMillis;
    }

    /** Arrival of the last span, as its record says. */
    public long lastArrivalMillis() {
        return lastArrivalMillis;
    }

    /** Arrival of the first span, as far as its record is to be believed. */
    public long firstActiveMillis() {
        return rare == null || rare.active == null ? firstArrivalMillis : rare.active.firstMillis();
    }

    /** Arrival of the last span, as far as its record is to be believed. */
    public long lastActiveMillis() {
        return rare == null || rare.active == null ? lastArrivalMillis : rare.active.lastMillis();
    }

    /** Whether a span without parent was seen. */
    public boolean rootSeen() {
        return rootName != null;
    }

    /** {@code service.name} of the root span, null if no root was seen. */
    public @Nullable String rootService() {
        return rootService;
    }

    /** Name of the root span, null if no root was seen. */
    public @Nullable String rootName() {
        return rootName;
    }
}
