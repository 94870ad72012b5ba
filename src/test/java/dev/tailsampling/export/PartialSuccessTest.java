package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialSuccessTest {

    private static byte[] response(long rejectedSpans, String message) {
        return ExportTraceServiceResponse.newBuilder().setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejectedSpans).setErrorMessage(message)).build().toByteArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, 1L << 40, Long.MAX_VALUE})
    void readsWhatOpenTelemetryWrites(long rejectedSpans) {
        assertThat(PartialSuccess.parse(response(rejectedSpans, "too öld")))
                .isEqualTo(new PartialSuccess(rejectedSpans, "too öld"));
    }

    @Test
    void emptyResponseIsFullSuccess() {
        assertThat(PartialSuccess.parse(new byte[0])).isEqualTo(PartialSuccess.NONE);
        assertThat(PartialSuccess.parse(response(0, ""))).isEqualTo(PartialSuccess.NONE);
    }

    @Test
    void negativeCountIsNone() {
        assertThat(PartialSuccess.parse(response(-5, "odd"))).isEqualTo(new PartialSuccess(0, "odd"));
    }

    @Test
    void skipsFieldsItDoesNotKnow() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(1000, Field.newBuilder().addVarint(-1).addFixed32(1).addFixed64(2)
                        .addLengthDelimited(ByteString.copyFromUtf8("text")).build())
                .build();
        byte[] bytes = ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(ExportTracePartialSuccess.newBuilder().setRejectedSpans(3).setErrorMessage("old")
                        .setUnknownFields(unknown))
                .setUnknownFields(unknown).build().toByteArray();

        assertThat(PartialSuccess.parse(bytes)).isEqualTo(new PartialSuccess(3, "old"));
    }

    @Test
    void damagedResponseIsNoFailure() {
        byte[] whole = response(300, "too old");
        SplittableRandom random = new SplittableRandom(3);
        for (int length = 1; length < whole.length; length++) {
            assertThat(PartialSuccess.parse(Arrays.copyOf(whole, length))).isEqualTo(PartialSuccess.NONE);
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(30)];
            random.nextBytes(noise);
            assertThat(PartialSuccess.parse(noise).rejectedSpans()).isNotNegative();
        }
    }
}
