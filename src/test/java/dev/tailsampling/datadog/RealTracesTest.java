package dev.tailsampling.datadog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.Threshold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces that others have recorded arrive with every span, once. */
class RealTracesTest {

    private static final int LINES = 1_000;

    private static List<byte[]> requests(String file) throws IOException {
        OtlpJsonReader json = new OtlpJsonReader();
        try (InputStream packed =
                Objects.requireNonNull(RealTracesTest.class.getResourceAsStream("/real/" + file), file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(unpacked(file, packed),
                        StandardCharsets.UTF_8))) {
            return lines.lines().limit(LINES).map(json::toProtobuf).toList();
        }
    }

    private static InputStream unpacked(String file, InputStream packed) throws IOException {
        return file.endsWith(".gz") ? new GZIPInputStream(packed) : new ZstdInputStream(packed).setLongMax(31);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opensearch-hotrod.otlp.jsonl.gz", "opensearch-otel.otlp.jsonl.gz",
            "zipkin-lens.otlp.jsonl.gz", "nezha-trainticket-0130.otlp.jsonl.zst"})
    void everySpanArrivesOnce(String file) throws IOException {
        List<String> sent = new ArrayList<>();
        List<KeptTrace> traces = new ArrayList<>();
        for (byte[] request : requests(file)) {
            new OtlpSpans().forEach(request, 0, request.length,
                    span -> sent.add(span.traceId() + "/" + Long.toHexString(span.spanId())));
            traces.add(new KeptTrace(request, "all", Threshold.ALWAYS));
        }

        List<DatadogSchema.Payload> payloads = TestTrace.payloads(TestTrace.SETTINGS, traces);

        assertThat(payloads.stream().flatMap(DatadogSchema.Payload::spans)
                .map(span -> span.meta().get("otel.trace_id") + "/" + Long.toHexString(span.spanId())).sorted())
                .hasSizeGreaterThan(100).containsExactlyElementsOf(sent.stream().sorted().toList());
        assertThat(payloads.stream().flatMap(DatadogSchema.Payload::spans)).allMatch(RealTracesTest::isNamed);
    }

    private static boolean isNamed(DatadogSchema.Span span) {
        return span.service().matches("[a-z0-9._/:-]+") && span.name().matches("[a-zA-Z][a-zA-Z0-9._]*")
                && !span.resource().isEmpty();
    }
}
