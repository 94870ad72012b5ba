package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceGeneratorTest {

    private static final long SEED = 20250101;

    static List<Profile> profiles() {
        return Profile.all();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void equalLoadsGiveEqualBytes(Profile profile) {
        Profile withSpecials = profile.withGiant(300).withMarathon(Duration.ofHours(4), Duration.ofMinutes(50));

        List<GeneratedMessage> once = all(new TraceLoad(SEED, withSpecials, 30));
        List<GeneratedMessage> again = all(new TraceLoad(SEED, withSpecials, 30));

        assertThat(again).hasSameSizeAs(once);
        for (int i = 0; i < once.size(); i++) {
            assertThat(again.get(i).otlp()).as("message %d", i).isEqualTo(once.get(i).otlp());
            assertThat(again.get(i).timestampMillis()).as("message %d", i).isEqualTo(once.get(i).timestampMillis());
        }
    }

    /** Would fail on a machine, or with a change, that alters what a seed stands for. */
    @Test
    void aSeedKeepsItsMeaning() {
        GroundTruth truth = new GroundTruth();
        all(new TraceGenerator(new TraceLoad(1, Profile.mixed(), 200), truth));

        long fingerprint = 0;
        for (var trace : truth.traces().entrySet()) {
            GroundTruth.Trace facts = trace.getValue();
            fingerprint = 31 * fingerprint + trace.getKey().low();
            fingerprint = 31 * fingerprint + facts.spansSent();
            fingerprint = 31 * fingerprint + facts.endNanos() - facts.startNanos();
        }
        assertThat(fingerprint).isEqualTo(-1427256987974282235L);
    }

    @Test
    void anotherSeedGivesOtherTraces() {
        Set<ByteString> ids = new HashSet<>(SentTraces.of(new TraceLoad(1, Profile.small(), 500)).byTrace().keySet());

        assertThat(SentTraces.of(new TraceLoad(2, Profile.small(), 500)).byTrace().keySet())
                .doesNotContainAnyElementsOf(ids);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyTraceOfTheLoadIsSent(Profile profile) {
        assertThat(SentTraces.of(new TraceLoad(SEED, profile, 43)).byTrace()).hasSize(43);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void messagesComeInTheOrderOfTheirTimes(Profile profile) {
        assertThat(all(new TraceLoad(SEED, profile, 40)))
                .extracting(GeneratedMessage::timestampMillis).isSorted();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void noSpanIsSentBeforeItsEnd(Profile profile) {
        assertThat(SentTraces.of(new TraceLoad(SEED, profile, 40)).spans())
                .allMatch(sent -> sent.span().getEndTimeUnixNano() <= sent.sentMillis() * 1_000_000);
    }

    @Test
    void spansAreSentWithinASecondUnlessLateOrResent() {
        Profile exact = Profile.mixed().with(Delivery.EXACT);

        assertThat(SentTraces.of(new TraceLoad(SEED, exact, 200)).spans())
                .allMatch(sent -> sent.sentMillis() * 1_000_000 - sent.span().getEndTimeUnixNano() <= 1_001_000_000);
    }

    @Test
    void messagesHoldUpToABatch() {
        Profile batched = Profile.mixed().with(Delivery.EXACT.withBatchSpans(100));

        List<GeneratedMessage> messages = all(new TraceLoad(SEED, batched, 200));

        assertThat(messages).extracting(GeneratedMessage::spans).allMatch(spans -> spans <= 100).contains(100);
        assertThat(messages.stream().mapToInt(GeneratedMessage::spans).sum())
                .isEqualTo(SentTraces.of(messages.iterator()).spans().size());
    }

    @Test
    void messagesMixTracesAndNameEachResourceOnce() {
        List<GeneratedMessage> messages = all(new TraceLoad(SEED, Profile.mixed(), 200));

        for (GeneratedMessage message : messages) {
            assertThat(SentTraces.decode(message).getResourceSpansList()).extracting(ResourceSpans::getResource)
                    .doesNotHaveDuplicates();
        }
        assertThat(SentTraces.of(messages.subList(0, 1).iterator()).byTrace()).hasSizeGreaterThan(5);
    }

    @Test
    void tracesStartAtTheRateOfTheLoad() {
        Instant start = Instant.parse("2025-06-01T12:00:00Z");
        TraceLoad load = new TraceLoad(SEED, Profile.small(), 1_000).with(new TraceLoad.Arrivals(start, 50));

        List<Long> starts = SentTraces.of(load).spans().stream().filter(SentTraces.SentSpan::isRoot)
                .map(sent -> sent.span().getStartTimeUnixNano()).sorted().toList();

        assertThat(load.length()).isEqualTo(Duration.ofSeconds(20));
        for (int i = 0; i < starts.size(); i++) {
            long stretch = start.toEpochMilli() * 1_000_000 + i * 20_000_000L;
            assertThat(starts.get(i)).as("start of trace %d", i).isBetween(stretch, stretch + 20_000_000);
        }
    }

    @Test
    void anEmptyLoadHasNoMessages() {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.mixed(), 0));

        assertThat(generator).isExhausted();
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class)
                .hasMessage("all messages of the load have been generated");
    }

    @Test
    void messagesAreMadeOnlyWhenAskedFor() {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.small(), 50_000_000_000L));

        assertThat(generator.next().spans()).isPositive();
    }

    @Test
    void aLoadOfManyTracesStreams() {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.small(), 200_000));
        long spans = 0;
        while (generator.hasNext()) {
            spans += generator.next().spans();
        }
        assertThat(spans).isBetween(700_000L, 800_000L);
    }

    @Test
    void aResourceHasAsManyAttributesAsTheProfileSays() {
        assertThat(resources(Profile.small())).allSatisfy(resource -> {
            assertThat(resource.getAttributesList()).hasSize(1);
        });
        assertThat(resources(Profile.mixed())).allSatisfy(resource -> {
            assertThat(resource.getAttributesList()).hasSize(5);
        });
        assertThat(resources(Profile.attributes())).hasSize(28).allSatisfy(resource -> {
            assertThat(resource.getAttributesList()).hasSize(13);
        });
    }

    private static Set<Resource> resources(Profile profile) {
        Set<Resource> resources = new HashSet<>();
        for (GeneratedMessage message : all(new TraceLoad(SEED, profile, 300))) {
            SentTraces.decode(message).getResourceSpansList().forEach(spans -> resources.add(spans.getResource()));
        }
        return resources;
    }

    private static List<GeneratedMessage> all(TraceLoad load) {
        return all(new TraceGenerator(load));
    }

    private static List<GeneratedMessage> all(TraceGenerator generator) {
        List<GeneratedMessage> messages = new ArrayList<>();
        generator.forEachRemaining(messages::add);
        return messages;
    }
}
