package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.stream.TopicFetcher.Stretch;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicFetcherTest {

    private static final LocalKafka KAFKA = LocalKafka.shared();
    private static final long T0 = 1_700_000_000_000L;
    private static final int RECORDS = 4_000;
    private static final RecordDecoder DECODER = new RecordDecoder(null);

    private final String topic = KAFKA.newTopic(2);
    private final TopicReader reader = new TopicReader(Records.settings(KAFKA, "unused"), topic);

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void bringsTheSpansOfTheNamedStretches() {
        // Trace 1 in every 500th record, with its number as span id; one second from record to record.
        sendEvery(500, RECORDS);
        Collected collected = new Collected();

        fetcher().fetch(1, List.of(request(1, locations(0, 500, 3_500), 0, RECORDS, 0)), 0, RECORDS, collected);

        assertThat(collected.spans).containsExactly("1/0", "1/500", "1/3500");
        assertThat(collected.parts).isOne();
        assertThat(fetcher().endOffsetExclusive(1)).isEqualTo(RECORDS);
        assertThat(fetcher().endOffsetExclusive(0)).isZero();
    }

    @Test
    void keepsToOffsetsAndArrivals() {
        sendEvery(100, 1_000);
        Collected byOffset = new Collected();
        Collected byArrival = new Collected();

        fetcher().fetch(1, List.of(request(1, List.of(0, 1, 2, 3), 0, 1_000, 0)), 201, 501, byOffset);
        fetcher().fetch(1, List.of(request(1, List.of(0, 1, 2, 3), 300, 600, 0)), 0, 1_000, byArrival);

        assertThat(byOffset.spans).containsExactly("1/300", "1/400", "1/500");
        assertThat(byArrival.spans).containsExactly("1/300", "1/400", "1/500", "1/600");
    }

    @Test
    void findsSpansByTheirArrivalWhereNobodyKnowsTheirPlace() {
        sendEvery(500, RECORDS);
        Collected collected = new Collected();
        Collected both = new Collected();

        fetcher().fetch(1, List.of(request(1, List.of(), 1_000, 2_600, 0)), 0, RECORDS, collected);
        fetcher().fetch(1, List.of(request(1, List.of(), 1_000, 1_600, 0), request(17, locations(7), 0, RECORDS, 0)), 0,
                RECORDS, both);

        assertThat(collected.spans).containsExactly("1/1000", "1/1500", "1/2000", "1/2500");
        assertThat(both.spans).containsExactlyInAnyOrder("1/1000", "1/1500", "17/7");
    }

    @Test
    void stopsWhenAllSpansAreFoundOrNoMoreAreWanted() {
        sendEvery(500, RECORDS);
        Collected complete = new Collected();
        int[] asked = {0};

        fetcher().fetch(1, List.of(request(1, List.of(), 0, RECORDS, 3)), 0, RECORDS, complete);
        fetcher().fetch(1, List.of(request(1, List.of(), 0, RECORDS, 0)), 0, RECORDS, new SpanFetcher.Receiver() {
            @Override
            public void spans(TraceId traceId, byte[] otlp, int spanCount) {
                throw new AssertionError("not wanted");
            }

            @Override
            public boolean wantsMore() {
                return ++asked[0] < 3;
            }
        });

        assertThat(complete.spans).containsExactly("1/0", "1/500", "1/1000");
        assertThat(asked[0]).isLessThan(10);
    }

    @Test
    void deliversLargeTracesInPartsAndStaysWithinItsMemory() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < 400; number++) {
            records.add(record(number, Records.request(number % 2, number, 100 + number % 50, number)));
        }
        Records.send(KAFKA, records);
        List<FetchRequest> requests = new ArrayList<>(List.of(request(0, locations(0, 399), 0, 400, 0),
                request(1, locations(0, 399), 0, 400, 0)));
        Records.numbers(100, 150).forEach(trace -> requests.add(request(trace, locations(0, 399), 0, 400, 0)));
        Collected collected = new Collected();

        new TopicFetcher(reader, DECODER, 4_000, Duration.ZERO).fetch(1, requests, 0, 400, collected);

        assertThat(collected.spans).hasSize(800).doesNotHaveDuplicates();
        assertThat(collected.largest).isLessThan(6_000);
        assertThat(collected.parts).isGreaterThan(requests.size());
    }

    @Test
    void bringsWhatIsLeftWhenRecordsAreGone() {
        sendEvery(100, 1_000);
        Records.deleteBefore(KAFKA, topic, 1, 450);
        Collected collected = new Collected();

        fetcher().fetch(1, List.of(request(1, List.of(0, 1, 2, 3), 0, 1_000, 0)), 0, 1_000, collected);

        assertThat(collected.spans).containsExactly("1/500", "1/600", "1/700", "1/800", "1/900");
    }

    @Test
    void passesWhatCannotBeDecoded() {
        Records.send(KAFKA, List.of(record(0, Records.request(1, 1)), record(1, Records.utf8("{")),
                record(2, new byte[0]), record(3, Records.request(1, 2, 2, 9))));
        Collected collected = new Collected();

        fetcher().fetch(1, List.of(request(1, List.of(0), 0, 10, 0)), 0, 10, collected);

        assertThat(collected.spans).containsExactly("1/1", "1/2");
    }

    @Test
    void readsStretchesWithSmallGapsInOneGo() {
        Stretch bounds = new Stretch(100, 10_000);

        assertThat(TopicFetcher.stretches(List.of(0, 1, 4, 20, 21, 39), bounds)).containsExactly(
                new Stretch(100, 5 * 256), new Stretch(20 * 256, 22 * 256), new Stretch(39 * 256, 10_000));
        assertThat(TopicFetcher.stretches(List.of(40), bounds)).isEmpty();
    }

    @Test
    void bringsWhatAnyRequestsAskFor() {
        Random random = new Random(5);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        TreeMap<Integer, List<Integer>> places = new TreeMap<>();
        for (int number = 0; number < 3_000; number++) {
            int trace = random.nextInt(200);
            places.computeIfAbsent(trace, t -> new ArrayList<>()).add(number);
            records.add(record(number, Records.request(trace, number)));
        }
        Records.send(KAFKA, records);
        for (int round = 0; round < 20; round++) {
            List<FetchRequest> requests = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int trace : places.keySet()) {
                if (random.nextInt(20) == 0) {
                    List<Integer> its = places.get(trace);
                    boolean known = random.nextBoolean();
                    requests.add(request(trace, known ? locations(its) : List.of(), its.getFirst(), its.getLast(),
                            random.nextBoolean() ? its.size() : 0));
                    its.forEach(number -> expected.add(trace + "/" + number));
                }
            }
            Collected collected = new Collected();
            fetcher().fetch(1, requests, 0, 3_000, collected);
            assertThat(collected.spans).as("seed 5, round %d", round).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private TopicFetcher fetcher() {
        return new TopicFetcher(reader, DECODER);
    }

    /** Each record has a span of a trace of its own, and every so many of them one of trace 1, too. */
    private void sendEvery(int step, int count) {
        Records.send(KAFKA, Records.numbers(0, count).stream().map(number -> record(number,
                number % step == 0 ? Records.request(1, number) : Records.request(number + 10, number))).toList());
    }

    private ProducerRecord<byte[], byte[]> record(int number, byte[] value) {
        return Records.record(topic, 1, T0 + number * 1_000L, value);
    }

    private static List<Integer> locations(int... offsets) {
        List<Integer> all = new ArrayList<>();
        for (int offset : offsets) {
            all.add(OffsetLocations.of(offset));
        }
        return all;
    }

    private static List<Integer> locations(List<Integer> offsets) {
        return offsets.stream().map(offset -> OffsetLocations.of(offset)).distinct().toList();
    }

    private static FetchRequest request(int trace, List<Integer> locations, int firstSecond, int lastSecond,
            int count) {
        return new FetchRequest(Records.traceId(trace), locations, T0 + firstSecond * 1_000L, T0 + lastSecond * 1_000L,
                count, 1_000);
    }

    private static final class Collected implements SpanFetcher.Receiver {

        private final List<String> spans = new ArrayList<>();
        private int parts;
        private int largest;

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            List<String> its = Records.spans(otlp);
            assertThat(its).hasSize(spanCount).allMatch(span -> span.startsWith(traceId.low() + "/"));
            spans.addAll(its);
            parts++;
            largest = Math.max(largest, otlp.length);
        }
    }
}
