package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCodeTest {

    @Test
    void numbersAreThoseOnTheWire() {
        assertThat(StatusCode.ofNumber(0)).isEqualTo(StatusCode.UNSET);
        assertThat(StatusCode.ofNumber(1)).isEqualTo(StatusCode.OK);
        assertThat(StatusCode.ofNumber(2)).isEqualTo(StatusCode.ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void unknownNumber_isUnset(int number) {
        assertThat(StatusCode.ofNumber(number)).isEqualTo(StatusCode.UNSET);
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "error, ERROR", "Ok, OK", "STATUS_CODE_UNSET, UNSET", "status_code_error, ERROR"})
    void nameIsFound(String name, StatusCode code) {
        assertThat(StatusCode.ofName(name)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ERR", "STATUS_CODE_", "2", " OK"})
    void otherName_isNotFound(String name) {
        assertThat(StatusCode.ofName(name)).isNull();
    }
}
