package dev.tailsampling.stream;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Sends traces to a topic: the value is OTLP protobuf ({@code otlp_proto} of the Collector's Kafka receiver), the key the
 * trace id in 32 hex digits, so that a trace stays in one partition. A trace larger than a request becomes several records,
 * cut between spans. The producer is idempotent: its own retries make no duplicates, but an unknown outcome may.
 *
 * <p>Refused is only what is too large even as a single span, or what the broker calls invalid; whatever else goes wrong
 * has nothing to do with the spans, and so the outcome is unknown. Connects when it is first used; thread-safe.
 */
public final class KafkaTraceExporter implements TraceExporter {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_BLOCK = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final int LINGER_MILLIS = 5;
    private static final int BATCH_BYTES = 256 << 10;

    private final String topic;
    private final int maxValueBytes;
    private final Supplier<Producer<byte[], byte[]>> connector;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    /**
     * Connects to nothing yet.
     *
     * @throws IllegalArgumentException if {@code max.request.size} among the properties is no size
     */
    public KafkaTraceExporter(KafkaSettings settings, String topic) {
        this(settings, topic, () -> new KafkaProducer<>(properties(settings)));
    }

    KafkaTraceExporter(KafkaSettings settings, String topic, Supplier<Producer<byte[], byte[]>> connector) {
        this.topic = topic;
        this.maxValueBytes = settings.maxValueBytes();
        this.connector = connector;
    }

    @Override
    public String name() {
        return "kafka";
    }

    /** A record on its way. */
    private record Sent(Future<RecordMetadata> outcome, int spanCount) {}

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        try {
            return export(batch, producer());
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            return new ExportOutcome.Unknown(sentence(e));
        }
    }

    private ExportOutcome export(List<SampledTrace> batch, Producer<byte[], byte[]> by) {
        List<Sent> sent = new ArrayList<>();
        try {
            for (SampledTrace trace : batch) {
                byte[] key = trace.traceId().hex().getBytes(StandardCharsets.US_ASCII);
                List<byte[]> values = SpanParts.bySize(trace.otlp(), maxValueBytes);
                for (byte[] value : values) {
                    int spans = values.size() == 1 ? trace.spanCount() : SpanParts.spanCount(value);
                    Future<RecordMetadata> outcome = by.send(new ProducerRecord<>(topic, key, value));
                    if (hasFailed(outcome)) {
                        return unknown(outcome.exceptionNow(), by);
                    }
                    sent.add(new Sent(outcome, spans));
                }
            }
            return outcome(sent, by);
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted while sending to topic " + topic);
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            return unknown(e, by);
        }
    }

    /** Whether sending on is useless. Each attempt may block for as long as the one that has failed. */
    private static boolean hasFailed(Future<RecordMetadata> outcome) {
        return outcome.state() == Future.State.FAILED && !isRefusal(outcome.exceptionNow());
    }

    private ExportOutcome outcome(List<Sent> sent, Producer<byte[], byte[]> by) throws InterruptedException {
        long refusedSpans = 0;
        int refused = 0;
        String reason = "";
        for (Sent record : sent) {
            try {
                record.outcome().get();
            } catch (ExecutionException e) {
                if (!isRefusal(e.getCause())) {
                    return unknown(e.getCause(), by);
                }
                refused++;
                refusedSpans += record.spanCount();
                reason = sentence(e.getCause());
            }
        }
        if (refused == 0) {
            return DONE;
        }
        return refused == sent.size()
                ? new ExportOutcome.Refused(reason)
                : new ExportOutcome.Exported(refusedSpans, reason);
    }

    private static boolean isRefusal(@Nullable Throwable cause) {
        return cause instanceof RecordTooLargeException || cause instanceof InvalidRecordException;
    }

    /** What no retry can mend may have spoiled the producer; the next batch gets another one. */
    private ExportOutcome unknown(@Nullable Throwable cause, Producer<byte[], byte[]> by) {
        if (!(cause instanceof RetriableException)) {
            discard(by);
        }
        return new ExportOutcome.Unknown(sentence(cause));
    }

    private String sentence(@Nullable Throwable cause) {
        return "topic " + topic + ": " + KafkaErrors.sentence(cause);
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("the exporter is closed");
        }
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            connected = connector.get();
            producer = connected;
        }
        return connected;
    }

    private static Map<String, Object> properties(KafkaSettings settings) {
        Map<String, Object> all = settings.producer();
        all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis());
        all.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_TIMEOUT.toMillis());
        all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        all.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return all;
    }

    /** Unless another batch has discarded it already: the one that there is now may be well. */
    private synchronized void discard(Producer<byte[], byte[]> failed) {
        if (failed.equals(producer)) {
            failed.close(Duration.ZERO);
            producer = null;
        }
    }

    /** Nothing to do: {@link #export} has waited for the brokers. */
    @Override
    public ExportOutcome flush() {
        return DONE;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (producer != null) {
            producer.close(CLOSE_PATIENCE);
            producer = null;
        }
    }
}
