package dev.tailsampling.ottl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternSizeTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``               | 1
            abc              | 4
            a{5}             | 6
            a{5,}            | 6
            a{5,7}           | 8
            a{0}             | 2
            a{x}             | 5
            a{               | 3
            (ab)             | 4
            (ab){3}          | 10
            ((ab){3}c){2}    | 23
            [abc]            | 2
            [^]abc]{3}       | 4
            [[:alpha:]x]{3}  | 4
            [\\]]{3}         | 4
            \\{9}            | 4
            \\p{Greek}{3}    | 4
            \\x{10FFFF}{3}   | 4
            \\pL{3}          | 5
            \\Q(((\\E        | 4
            \\Q(a{9\\E{3}    | 7
            a\\              | 3
            a)b              | 3
            """)
    void countsSteps(String expression, long steps) {
        assertThat(PatternSize.of(expression)).isEqualTo(steps);
    }

    /** Whatever the text, what passes compiles in no time and what does not is no more than refused. */
    @Test
    void anyTextIsMeasuredAndWhatPassesIsSmall() {
        Random random = new Random(20261122);
        String alphabet = "ab(){}[]\\^$.*+?|,:0159QExpP-";
        int compiled = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            if (PatternSize.of(text.toString()) <= PatternSize.MAX) {
                compiled += compiles(text.toString()) ? 1 : 0;
            }
        }
        assertThat(compiled).isGreaterThan(100);
    }

    private static boolean compiles(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            assertThat(pattern.programSize()).as(expression).isLessThan(10 * (int) PatternSize.MAX);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
