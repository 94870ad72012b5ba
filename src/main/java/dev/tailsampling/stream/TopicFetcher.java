package dev.tailsampling.stream;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.selector.FetchBatches;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SpanFetcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads whole spans of chosen traces from a topic. Of a partition only the stretches are read that the requests name;
 * neighbouring ones in one go. Where they name none, it is read from the first record of the first arrival's time on, until
 * the records are later than the last arrival. Records that are gone for good are left out, and the log says so; those that
 * cannot be decoded were reported when they were read first. Not thread-safe.
 */
public final class TopicFetcher implements PartitionFetcher {

    private static final long MAX_BYTES_IN_FLIGHT = 16L << 20;
    private static final Duration ARRIVAL_SLACK = Duration.ofMinutes(2);
    /** To read so many records that nobody wants costs less than to begin anew. */
    private static final long SMALL_GAP_RECORDS = 4L * OffsetLocations.RECORDS;
    /** After so many records in a row that came too late, none that came in time is expected. */
    private static final int LATE_RECORDS = 1_000;

    private final TopicReader reader;
    private final RecordDecoder decoder;
    private final long maxBytesInFlight;
    private final Duration arrivalSlack;
    private final OtlpSpans spans = new OtlpSpans();

    /** With bounds that fit most. */
    public TopicFetcher(TopicReader reader, RecordDecoder decoder) {
        this(reader, decoder, MAX_BYTES_IN_FLIGHT, ARRIVAL_SLACK);
    }

    /**
     * Reads nothing yet.
     *
     * @param maxBytesInFlight size of the spans that are collected before some are delivered
     * @param arrivalSlack by how much timestamps of records may be out of order
     */
    public TopicFetcher(TopicReader reader, RecordDecoder decoder, long maxBytesInFlight, Duration arrivalSlack) {
        this.reader = reader;
        this.decoder = decoder;
        this.maxBytesInFlight = maxBytesInFlight;
        this.arrivalSlack = arrivalSlack;
    }

    @Override
    public long endOffsetExclusive(int partition) {
        return reader.endOffset(partition);
    }

    /** A stretch of offsets that is read in one go. */
    record Stretch(long fromInclusive, long untilExclusive) {}

    @Override
    public void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            SpanFetcher.Receiver receiver) {
        for (List<FetchRequest> batch : FetchBatches.of(requests, maxBytesInFlight)) {
            if (receiver.wantsMore()) {
                new Fetch(partition, new Stretch(fromInclusive, untilExclusive), batch, receiver).run();
            }
        }
    }

    /** The stretches of these locations within bounds, those with small gaps between them as one. */
    static List<Stretch> stretches(Collection<Integer> locations, Stretch bounds) {
        List<Stretch> stretches = new ArrayList<>();
        for (int location : new TreeSet<>(locations)) {
            long from = Math.max(bounds.fromInclusive(), OffsetLocations.firstOffset(location));
            long until = Math.min(bounds.untilExclusive(), OffsetLocations.endOffsetExclusive(location));
            if (from >= until) {
                continue;
            }
            boolean continues = !stretches.isEmpty()
                    && from - stretches.getLast().untilExclusive() <= SMALL_GAP_RECORDS;
            stretches.add(new Stretch(continues ? stretches.removeLast().fromInclusive() : from, until));
        }
        return stretches;
    }

    /** The fetch of one batch. */
    private final class Fetch {

        private final int partition;
        private final Stretch bounds;
        private final List<FetchRequest> batch;
        private final SpanFetcher.Receiver receiver;
        private final WantedSpans wanted;
        private int lateInARow;

        Fetch(int partition, Stretch bounds, List<FetchRequest> batch, SpanFetcher.Receiver receiver) {
            this.partition = partition;
            this.bounds = bounds;
            this.batch = batch;
            this.receiver = receiver;
            this.wanted = new WantedSpans(batch, maxBytesInFlight, receiver);
        }

        void run() {
            List<FetchRequest> anywhere = batch.stream().filter(request -> request.locations().isEmpty()).toList();
            if (anywhere.isEmpty()) {
                readNamed();
            } else {
                readAnywhere(anywhere);
            }
            wanted.deliverAll();
        }

        private void readNamed() {
            List<Integer> locations = batch.stream().flatMap(request -> request.locations().stream()).toList();
            for (Stretch stretch : stretches(locations, bounds)) {
                if (receiver.wantsMore() && !wanted.areComplete()) {
                    read(stretch, Long.MAX_VALUE);
                }
            }
        }

        /** One pass over the time of those whose places are not known, and over the places of the others. */
        private void readAnywhere(List<FetchRequest> anywhere) {
            long slack = arrivalSlack.toMillis();
            long first = anywhere.stream().mapToLong(FetchRequest::firstArrivalMillis).min().orElseThrow();
            long last = anywhere.stream().mapToLong(FetchRequest::lastArrivalMillis).max().orElseThrow();
            long lastNamed = batch.stream().mapToLong(FetchRequest::lastArrivalMillis).max().orElse(last);
            long firstNamed = batch.stream().flatMap(request -> request.locations().stream())
                    .mapToLong(OffsetLocations::firstOffset).min().orElse(Long.MAX_VALUE);
            long byTime = reader.offsetForTime(partition, first - slack).orElse(bounds.untilExclusive());
            read(new Stretch(Math.max(bounds.fromInclusive(), Math.min(firstNamed, byTime)), bounds.untilExclusive()),
                    Math.max(last, lastNamed) + slack);
        }

        private void read(Stretch stretch, long lastTimestampMillis) {
            lateInARow = 0;
            reader.readFromFirstThere(partition, stretch.fromInclusive(), stretch.untilExclusive(), record -> {
                lateInARow = record.timestamp() > lastTimestampMillis ? lateInARow + 1 : 0;
                take(record);
                return lateInARow < LATE_RECORDS && receiver.wantsMore() && !wanted.areComplete();
            });
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            if (!wanted.mayBeIn(record.timestamp())) {
                return;
            }
            byte[] otlp;
            try {
                otlp = decoder.decode(record.value());
            } catch (MalformedOtlpException e) {
                return;
            }
            spans.forEach(otlp, 0, otlp.length, span -> wanted.offer(span, record.timestamp(), record.offset()));
        }
    }
}
