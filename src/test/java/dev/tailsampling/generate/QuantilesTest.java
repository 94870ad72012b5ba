package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantilesTest {

    private static final Quantiles QUANTILES = Quantiles.from(10).to(0.5, 20).to(1, 100);

    @Test
    void givenQuantilesAreMetAndTheOthersLieOnALine() {
        assertThat(QUANTILES.at(0)).isEqualTo(10);
        assertThat(QUANTILES.at(0.25)).isCloseTo(15, within(1e-9));
        assertThat(QUANTILES.at(0.5)).isEqualTo(20);
        assertThat(QUANTILES.at(0.75)).isCloseTo(60, within(1e-9));
        assertThat(QUANTILES.at(1)).isEqualTo(100);
    }

    @Test
    void aSingleValueIsItsOwnDistribution() {
        assertThat(Quantiles.from(7).at(0.3)).isEqualTo(7);
        assertThat(Quantiles.from(7).max()).isEqualTo(7);
    }

    @Test
    void quantilesMustRise() {
        assertThatThrownBy(() -> QUANTILES.to(1, 200)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("quantiles must rise");
        assertThatThrownBy(() -> Quantiles.from(5).to(0.5, 4)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("quantiles must rise");
        assertThatThrownBy(() -> new Quantiles(List.of(new Quantiles.Point(0.1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("quantiles start with the least value");
    }

    @Test
    void sharesAndValuesHaveBounds() {
        assertThatThrownBy(() -> QUANTILES.to(1.1, 200)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the share of a quantile lies between 0 and 1: 1.1");
        assertThatThrownBy(() -> Quantiles.from(Double.NaN)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the value of a quantile must not be negative: NaN");
    }
}
