package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.translate.SpanEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

    private static final byte[] OTLP = new RequestBuilder().beginResource().attribute("service.name", "cart")
            .beginScope("", "").beginSpan(1, 2, 3).name("GET").take();

    @Test
    void handsOnOtlpAsItIs() {
        assertThat(new RecordDecoder(SpanEncoding.OTLP_PROTO).decode(OTLP)).isSameAs(OTLP);
        assertThat(new RecordDecoder(null).decode(OTLP)).isSameAs(OTLP);
    }

    @Test
    void looksAtEachRecordWhenTheEncodingIsNotKnown() {
        RecordDecoder decoder = new RecordDecoder(null);

        assertThat(decoder.decode(utf8("[{\"traceId\":\"1\",\"id\":\"2\"}]"))).isNotEmpty();
        assertThat(decoder.decode(utf8("{\"traceId\":\"1\",\"spanId\":\"2\"}"))).isNotEmpty();
        assertThat(decoder.decode(utf8("{\"resourceSpans\":[]}"))).isEmpty();
        assertThat(decoder.decode(OTLP)).isSameAs(OTLP);
    }

    @Test
    void tombstonesHoldNoSpans() {
        assertThat(new RecordDecoder(null).decode(null)).isEmpty();
        assertThat(new RecordDecoder(SpanEncoding.JAEGER_JSON).decode(new byte[0])).isEmpty();
    }

    @Test
    void refusesARecordOfWhichOnlyTheBeginningIsSound() {
        byte[] two = new byte[2 * OTLP.length - 1];
        System.arraycopy(OTLP, 0, two, 0, OTLP.length);
        System.arraycopy(OTLP, 0, two, OTLP.length, OTLP.length - 1);

        assertThatThrownBy(() -> new RecordDecoder(null).decode(two)).isInstanceOf(MalformedOtlpException.class)
                .hasMessageStartingWith("not OTLP protobuf: ");
        assertThatThrownBy(() -> new RecordDecoder(SpanEncoding.OTLP_PROTO).decode(Arrays.copyOf(OTLP, 7)))
                .isInstanceOf(MalformedOtlpException.class);
        assertThatThrownBy(() -> new RecordDecoder(SpanEncoding.OTLP_JSON).decode(OTLP))
                .isInstanceOf(MalformedOtlpException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
