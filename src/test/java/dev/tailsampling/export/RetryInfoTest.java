package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryInfoTest {

    private static ByteString message(int number, ByteString content) {
        return UnknownFieldSet.newBuilder().addField(number, Field.newBuilder().addLengthDelimited(content).build())
                .build().toByteString();
    }

    private static byte[] status(String type, ByteString detail) {
        Any any = Any.newBuilder().setTypeUrl(type).setValue(detail).build();
        return message(3, any.toByteString()).toByteArray();
    }

    private static byte[] status(long seconds, int nanos) {
        return status("type.googleapis.com/google.rpc.RetryInfo", message(1, com.google.protobuf.Duration.newBuilder()
                .setSeconds(seconds).setNanos(nanos).build().toByteString()));
    }

    @ParameterizedTest
    @CsvSource({"7, 500000000, PT7.5S", "0, 1, PT0.000000001S", "0, 0, PT0S", "-5, -1, PT0S",
            "9223372036854775807, 999999999, PT596523H14M7.999999999S", "1, 2147483647, PT1.999999999S"})
    void delayIsRead(long seconds, int nanos, Duration expected) {
        assertThat(RetryInfo.parse(status(seconds, nanos))).contains(expected);
    }

    @Test
    void otherDetailsAreNone() {
        assertThat(RetryInfo.parse(status("type.googleapis.com/google.rpc.DebugInfo", ByteString.EMPTY))).isEmpty();
        assertThat(RetryInfo.parse(new byte[0])).isEmpty();
        assertThat(RetryInfo.parse(status("type.googleapis.com/google.rpc.RetryInfo", ByteString.EMPTY)))
                .as("without a delay").contains(Duration.ZERO);
    }

    @Test
    void damagedBytesDoNoHarm() {
        long seed = 42;
        Random random = new Random(seed);
        byte[] whole = status(7, 5);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int change = 0; change < 3 && damaged.length > 0; change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThatCode(() -> RetryInfo.parse(damaged)).as("seed %d, %s", seed, Arrays.toString(damaged))
                    .doesNotThrowAnyException();
        }
    }
}
