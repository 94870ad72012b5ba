package dev.tailsampling.policy;

import dev.tailsampling.trace.Randomness;
import dev.tailsampling.trace.Threshold;
import java.util.Arrays;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TraceSummary} as bytes, without loss: about a hundred for a trace, and one or two more for each location. What
 * its conditions mean is not written; that takes the policy set. Stateless.
 *
 * <p>In order: 1 byte version, 16 bytes trace id, then numbers as varints (those that may be negative in zigzag form):
 * spans, events and links, bytes, start, end − start, 1 byte of status bits, first arrival, last − first arrival, activity −
 * arrival twice, words of conditions, root, randomness, incoming threshold, values,
 * 1 byte of records before the first span, locations as differences.
 */
public final class SummaryBytes {

    private static final byte VERSION = 1;
    private static final int ABSENT = 0;
    private static final int PRESENT = 1;
    private static final long NO_THRESHOLD = -1;
    private static final int MAX_WORDS = 1 << 16;

    private SummaryBytes() {}

    /** All of the summary but whether it was handed over. */
    public static byte[] encode(TraceSummary summary) {
        VarintWriter out = new VarintWriter();
        out.writeByte(VERSION);
        out.writeFixed(summary.traceIdHigh());
        out.writeFixed(summary.traceIdLow());
        out.writeVarint(summary.spanCount());
        out.writeVarint(summary.eventAndLinkCount());
        out.writeVarint(summary.byteCount());
        out.writeSigned(summary.startUnixNano());
        out.writeSigned(summary.endUnixNano() - summary.startUnixNano());
        out.writeByte(summary.statusBits());
        writeArrivals(out, summary);
        writeConditions(out, summary);
        writeRoot(out, summary.rootService(), summary.rootName());
        out.writeSigned(summary.explicitRandomness());
        Threshold incoming = summary.incomingThreshold();
        out.writeSigned(incoming == null ? NO_THRESHOLD : incoming.value());
        writeValues(out, summary);
        out.writeByte(summary.recordsBefore());
        writeLocations(out, summary.locations());
        return out.toByteArray();
    }

    /** Differences of what is at the ends of the range come back as they went, as both overflow alike. */
    private static void writeArrivals(VarintWriter out, TraceSummary summary) {
        out.writeSigned(summary.firstArrivalMillis());
        out.writeSigned(summary.lastArrivalMillis() - summary.firstArrivalMillis());
        out.writeSigned(summary.firstActiveMillis() - summary.firstArrivalMillis());
        out.writeSigned(summary.lastActiveMillis() - summary.lastArrivalMillis());
    }

    private static void writeConditions(VarintWriter out, TraceSummary summary) {
        int words = summary.conditionWords();
        out.writeVarint(words);
        for (int word = 0; word < words; word++) {
            out.writeVarint(summary.conditionWord(word));
        }
    }

    private static void writeRoot(VarintWriter out, @Nullable String service, @Nullable String name) {
        if (service == null || name == null) {
            out.writeByte(ABSENT);
        } else {
            out.writeByte(PRESENT);
            out.writeText(service);
            out.writeText(name);
        }
    }

    private static void writeValues(VarintWriter out, TraceSummary summary) {
        int slots = summary.valueSlots();
        out.writeVarint(slots);
        for (int slot = 0; slot < slots; slot++) {
            SortedSet<String> values = summary.values(slot);
            out.writeVarint(values.size());
            values.forEach(out::writeText);
        }
    }

    private static void writeLocations(VarintWriter out, int[] locations) {
        out.writeVarint(locations.length);
        int before = 0;
        for (int location : locations) {
            out.writeSigned(location - before);
            before = location;
        }
    }

    /**
     * The summary that was encoded.
     *
     * @throws IllegalArgumentException if the bytes were not made by {@link #encode}, or by that of a newer program
     */
    public static TraceSummary decode(byte[] bytes) {
        VarintReader in = new VarintReader(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw in.malformed("version " + version + " is not " + VERSION + ", the one this program knows,");
        }
        TraceSummary summary = new TraceSummary(in.readFixed(), in.readFixed());
        readCounts(in, summary);
        Arrivals arrivals = Arrivals.read(in);
        readConditions(in, summary);
        readRoot(in, summary);
        readSampling(in, summary);
        readValues(in, summary);
        summary.beginsAfter(in.readByte());
        summary.restoreArrivals(arrivals.first(), arrivals.last(), arrivals.firstActive(), arrivals.lastActive(),
                LocationSet.ofDistinct(readLocations(in)));
        in.requireEnd();
        return summary;
    }

    private static void readCounts(VarintReader in, TraceSummary summary) {
        int spans = in.readInt();
        int eventsAndLinks = in.readInt();
        long bytes = in.readVarint();
        long start = in.readSigned();
        long end = start + in.readSigned();
        summary.restore(spans, bytes, start, end, in.readByte(), Randomness.NONE);
        summary.restore(eventsAndLinks, null, null, null);
    }

    private record Arrivals(long first, long last, long firstActive, long lastActive) {

        static Arrivals read(VarintReader in) {
            long first = in.readSigned();
            long last = first + in.readSigned();
            return new Arrivals(first, last, first + in.readSigned(), last + in.readSigned());
        }
    }

    private static void readConditions(VarintReader in, TraceSummary summary) {
        int words = in.readCount();
        if (words > MAX_WORDS) {
            throw in.malformed("there are too many conditions");
        }
        for (int word = 0; word < words; word++) {
            summary.restoreConditionWord(word, in.readVarint());
        }
    }

    private static void readRoot(VarintReader in, TraceSummary summary) {
        if (in.readByte() != ABSENT) {
            summary.addRoot(in.readText(), in.readText());
        }
    }

    private static void readSampling(VarintReader in, TraceSummary summary) {
        long randomness = in.readSigned();
        long threshold = in.readSigned();
        if (isOutside(randomness, Threshold.NEVER.value() - 1) || isOutside(threshold, Threshold.NEVER.value())) {
            throw in.malformed("a threshold or randomness has more than 56 bits");
        }
        summary.addRandomness(randomness);
        summary.addIncomingThreshold(threshold == NO_THRESHOLD ? null : new Threshold(threshold));
    }

    /** Both are {@code -1} if there is none. */
    private static boolean isOutside(long value, long greatest) {
        return value < -1 || value > greatest;
    }

    private static void readValues(VarintReader in, TraceSummary summary) {
        int slots = in.readCount();
        for (int slot = 0; slot < slots; slot++) {
            int values = in.readCount();
            for (int i = 0; i < values; i++) {
                summary.addValue(slot, in.readText());
            }
        }
    }

    private static int[] readLocations(VarintReader in) {
        int[] locations = new int[in.readCount()];
        long location = 0;
        for (int i = 0; i < locations.length; i++) {
            location += in.readSigned();
            if (location < 0 || location > Integer.MAX_VALUE) {
                throw in.malformed("a location is out of range");
            }
            locations[i] = (int) location;
        }
        requireDistinct(in, locations);
        return locations;
    }

    private static void requireDistinct(VarintReader in, int[] locations) {
        int[] sorted = locations.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw in.malformed("a location comes twice");
            }
        }
    }
}
