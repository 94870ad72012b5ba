package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.stream.KafkaSettings.Group;
import dev.tailsampling.stream.KafkaSettings.OffsetReset;
import dev.tailsampling.stream.KafkaSettings.Tls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepartitionerTest {

    private static final LocalKafka KAFKA = LocalKafka.shared();
    private static final int PARTITIONS = 4;
    private static final long T0 = System.currentTimeMillis();

    private final String input = KAFKA.newTopic(PARTITIONS);
    private final String output = input + Repartitioner.TOPIC_SUFFIX;
    private final ConcurrentLinkedQueue<String> deadLetters = new ConcurrentLinkedQueue<>();
    private final List<String> sent = new ArrayList<>();
    private final Random random = new Random(3);
    private final List<Repartitioner> running = new ArrayList<>();
    private int nextSpan = 1;

    @AfterEach
    void close() {
        running.forEach(Repartitioner::close);
    }

    @Test
    void makesARecordForEachTraceInEachRecord() throws Exception {
        send(300);
        Records.send(KAFKA, List.of(Records.record(input, 2, T0, Records.utf8("{\"resourceSpans\":7}")),
                Records.record(input, 2, T0, new byte[0])));
        Repartitioner repartitioner = start(2, Map.of(), Duration.ofHours(3));

        await(() -> repartitioner.numbers().recordsRead() == 302, repartitioner::problem);

        assertAllWritten(repartitioner);
        List<ConsumerRecord<byte[], byte[]>> records = written();
        assertThat(records).allSatisfy(record -> {
            String key = new String(record.key(), StandardCharsets.US_ASCII);
            assertThat(Records.spans(record.value())).allMatch(
                    span -> Records.traceId(Integer.parseInt(span.split("/")[0])).hex().equals(key));
            assertThat(header(record)).matches("[0-3]/\\d+");
            assertThat(record.timestamp()).isBetween(T0, T0 + 1_000_000);
        });
        Map<String, Set<Integer>> partitions = records.stream().collect(Collectors.groupingBy(
                record -> new String(record.key(), StandardCharsets.US_ASCII),
                Collectors.mapping(ConsumerRecord::partition, Collectors.toSet())));
        assertThat(partitions).hasSize(40);
        assertThat(partitions.values()).allMatch(places -> places.size() == 1);
        assertThat(deadLetters).singleElement().asString().startsWith("2/").contains("not OTLP/JSON");
        assertThat(repartitioner.numbers()).satisfies(numbers -> {
            assertThat(numbers.recordsWritten()).isEqualTo(records.size());
            assertThat(numbers.undecodable()).isOne();
            assertThat(numbers.failures()).isZero();
            assertThat(numbers.lag()).isZero();
            assertThat(numbers.transactions()).isPositive();
        });
        assertThat(retentionMillis()).isEqualTo("10800000");
    }

    @Test
    void membersMayComeAndGo() {
        send(100);
        Repartitioner first = start(1, Map.of(), null);
        await(() -> first.numbers().transactions() > 0, first::problem);
        Repartitioner second = start(1, Map.of(), null);
        int rounds = 0;
        while (second.numbers().transactions() == 0 && rounds++ < 200) {
            send(20);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        send(50);
        first.close();
        send(50);

        assertAllWritten(second);
        assertThat(second.numbers().transactions()).as("seed 3").isPositive();
    }

    @Test
    void aKillBetweenWritingAndCommittingLosesNothingAndRepeatsNothing() throws Exception {
        KAFKA.createTopic(output, 2);
        send(200);
        Process killed = RepartitionerProcess.start(KAFKA, input, input, output);
        try (TopicReader uncommitted =
                new TopicReader(settings(Map.of("isolation.level", "read_uncommitted")), output)) {
            await(() -> uncommitted.endOffset(0) > 0 && uncommitted.endOffset(1) > 0, () -> "nothing was written");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(written()).isEmpty();

        Repartitioner next = start(1, Map.of(), null);
        send(20);
        assertAllWritten(next);
    }

    @Test
    void goesOnWithANewProducerWhenItsOwnIsFenced() throws Exception {
        send(50);
        Repartitioner repartitioner = start(1, Map.of(), null, "one");
        await(() -> repartitioner.numbers().recordsRead() == 50, repartitioner::problem);
        try (Admin admin = KAFKA.admin()) {
            admin.fenceProducers(List.of(input + Repartitioner.GROUP_SUFFIX + "-one-0"), new FenceProducersOptions())
                    .all()
                    .get();
        }
        send(50);
        await(() -> repartitioner.numbers().recordsRead() == 100, repartitioner::problem);

        assertThat(repartitioner.numbers().failures()).isPositive();
        await(() -> repartitioner.problem().isEmpty(), repartitioner::problem);
        assertAllWritten(repartitioner);
    }

    @Test
    void cutsWhatIsTooLargeAndReportsWhatCannotBeCut() {
        Records.send(KAFKA, List.of(Records.record(input, 0, T0, Records.request(numbers(200)))));
        Records.send(KAFKA, List.of(Records.record(input, 0, T0,
                new RequestBuilder().beginResource().beginScope("", "").beginSpan(1, 1, 1)
                        .name("x".repeat(5_000)).beginSpan(1, 7, 7).take())));
        Repartitioner repartitioner = start(1, Map.of("max.request.size", "3000"), null);
        await(() -> repartitioner.numbers().recordsRead() == 2 && spans(written()).size() >= 201,
                repartitioner::problem);

        assertThat(written()).hasSizeGreaterThan(5).allMatch(record -> record.value().length < 3_000);
        assertThat(spans(written())).hasSize(201).contains("7/7");
        assertThat(deadLetters).singleElement().asString().startsWith("0/1 a span of 50")
                .endsWith("is larger than the 1976 that max.request.size in kafka.properties allows");
    }

    private int[] numbers(int spans) {
        int[] all = new int[2 * spans];
        for (int i = 0; i < spans; i++) {
            all[2 * i] = 5;
            all[2 * i + 1] = i + 1;
        }
        return all;
    }

    @Test
    void waitsForTheInputTopic() {
        Group group = Records.settings(KAFKA, input).group();
        String later = input + "-later";
        Repartitioner repartitioner = keep(Repartitioner.start(new Repartitioner.Plan(
                new KafkaSettings(KAFKA.bootstrap(),
                        null, Tls.NONE, group, Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500")),
                later,
                later + "-out", new RecordDecoder(null), null, 1, Duration.ofMillis(50)), this::dead));
        await(() -> repartitioner.problem().isPresent(), () -> "no problem");
        assertThat(repartitioner.problem().orElseThrow())
                .startsWith("topic " + later + " is not sorted by trace at the moment: ");

        KAFKA.createTopic(later, 1);
        Records.send(KAFKA, List.of(Records.record(later, 0, T0, Records.request(1, 1))));
        await(() -> repartitioner.numbers().recordsRead() == 1, repartitioner::problem);
        assertThat(repartitioner.problem()).isEmpty();
    }

    @Test
    void aNewGroupThatBeginsAtTheEndMissesNothingAfterwards() {
        send(50);
        Group group = Records.settings(KAFKA, input).group();
        KafkaSettings latest = settings(Map.of()).withGroup(
                new Group(group.id(), group.protocol(), null, group.sessionTimeout(), OffsetReset.LATEST));
        Repartitioner first = Repartitioner.start(plan(latest, 1, null), this::dead);
        await(() -> committedPartitions() == PARTITIONS, first::problem);
        first.close();
        sent.clear();
        send(50);
        Repartitioner second = keep(Repartitioner.start(plan(latest, 1, null), this::dead));
        await(() -> second.numbers().recordsRead() == 50, second::problem);

        assertAllWritten(second);
    }

    private int committedPartitions() {
        try (Admin admin = KAFKA.admin()) {
            return admin.listConsumerGroupOffsets(input + Repartitioner.GROUP_SUFFIX).partitionsToOffsetAndMetadata()
                    .get().size();
        } catch (InterruptedException | ExecutionException e) {
            return 0;
        }
    }

    private Repartitioner start(int threads, Map<String, String> properties, @Nullable Duration retention) {
        return keep(Repartitioner.start(plan(settings(properties), threads, retention), this::dead));
    }

    private Repartitioner start(int threads, Map<String, String> properties, @Nullable Duration retention,
            String instanceId) {
        Group group = Records.settings(KAFKA, input).group();
        KafkaSettings named = settings(properties).withGroup(new Group(group.id(), group.protocol(), instanceId,
                group.sessionTimeout(), group.offsetReset()));
        return keep(Repartitioner.start(plan(named, threads, retention), this::dead));
    }

    private Repartitioner keep(Repartitioner repartitioner) {
        running.add(repartitioner);
        return repartitioner;
    }

    private Repartitioner.Plan plan(KafkaSettings settings, int threads, @Nullable Duration retention) {
        return new Repartitioner.Plan(settings, input, output, new RecordDecoder(null), retention, threads,
                Duration.ofMillis(50));
    }

    private KafkaSettings settings(Map<String, String> properties) {
        return new KafkaSettings(KAFKA.bootstrap(), null, Tls.NONE, Records.settings(KAFKA, input).group(), properties);
    }

    private void dead(String source, SourceRow row, String reason) {
        deadLetters.add(row.partition() + "/" + row.offset() + " " + reason);
    }

    /** Records of one to five spans of forty traces, to any partition. */
    private void send(int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] spans = new int[2 * (1 + random.nextInt(5))];
            for (int j = 0; j < spans.length; j += 2) {
                spans[j] = random.nextInt(40);
                spans[j + 1] = nextSpan++;
                sent.add(spans[j] + "/" + spans[j + 1]);
            }
            records.add(Records.record(input, random.nextInt(PARTITIONS), T0 + nextSpan, Records.request(spans)));
        }
        Records.send(KAFKA, records);
    }

    /** Waits for all that was sent: the ends of transactions come to the partitions after the commit was answered. */
    private void assertAllWritten(Repartitioner repartitioner) {
        await(() -> spans(written()).size() >= sent.size(), repartitioner::problem);
        assertThat(spans(written())).as("seed 3").containsExactlyInAnyOrderElementsOf(sent);
    }

    private List<ConsumerRecord<byte[], byte[]>> written() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicReader reader = new TopicReader(settings(Map.of()), output); Admin admin = KAFKA.admin()) {
            int partitions =
                    admin.describeTopics(List.of(output)).allTopicNames().get().get(output).partitions().size();
            for (int partition = 0; partition < partitions; partition++) {
                reader.read(partition, 0, Long.MAX_VALUE, record -> records.add(record));
            }
            return records;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> spans(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().flatMap(record -> Records.spans(record.value()).stream()).toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader(Repartitioner.INPUT_HEADER).value(), StandardCharsets.US_ASCII);
    }

    private String retentionMillis() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, output);
        try (Admin admin = KAFKA.admin()) {
            return admin.describeConfigs(List.of(topic)).all().get().get(topic).get("retention.ms").value();
        }
    }

    private static void await(BooleanSupplier condition, Supplier<Object> otherwise) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain: " + otherwise.get() + ", threads: " + threads());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static String threads() {
        StringBuilder all = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            if (thread.getName().startsWith("repartition-")) {
                all.append('\n').append(thread.getName());
                for (StackTraceElement frame : frames) {
                    all.append("\n    ").append(frame);
                }
            }
        });
        return all.toString();
    }
}
