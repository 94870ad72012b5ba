package dev.tailsampling.ottl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.TestSpan;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any text is a condition, which then has a result, or is refused with one kind of exception. */
@Timeout(60)
class OttlFuzzTest {

    private static final int TEXTS = 30_000;
    private static final List<String> PIECES = List.of("and", "or", "not", "true", "nil", "(", ")", "[", "]", "{", "}",
            ",", ":", ".", "=", "==", "!=", "<", "+", "-", "*", "/", "1", "0", "9223372036854775807", "1.5", "0x01ff",
            "\"a\"", "\"", "\\", "attributes", "[\"k\"]", "name", "span.", "resource.attributes", "trace_id",
            "kind.string",
            "IsMatch(", "Len(", "Int(", "Concat([", "Substring(name, 0, 1)", "Duration(\"1s\")", "start_time",
            "SPAN_KIND_SERVER", "utf8_safe", "ParseJSON(\"[1]\")[0]", "IsRootSpan()", "events", "é");
    private static final String CONDITION =
            "not (IsMatch(name, \"^a\") or attributes[\"k\"][0] + 2 * 3 >= 7.5) and {\"a\": [1, nil]} != [0x01, -1]";

    private static final TestSpan SPAN = TestSpan.span().name("a").with("k", 1).event("e", Map.of());

    @Test
    void piecesInAnyOrder() {
        Random random = new Random(1);
        int conditions = 0;
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = 1 + random.nextInt(9); pieces > 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size()))).append(random.nextInt(4) == 0 ? "" : " ");
            }
            conditions += isConditionOrRefused(text.toString()) ? 1 : 0;
        }
        assertThat(conditions).isPositive();
    }

    @Test
    void damagedConditions() {
        Random random = new Random(2);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder(CONDITION);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) (' ' + random.nextInt(95)));
                    default -> text.setCharAt(at, (char) random.nextInt(0x3000));
                }
            }
            isConditionOrRefused(text.toString());
        }
    }

    @Test
    void deepNesting() {
        for (String opening : List.of("(", "not (", "Len(", "[", "{\"a\":", "-(", "attributes[")) {
            assertThat(isConditionOrRefused(opening.repeat(20_000))).as(opening).isFalse();
        }
    }

    private static boolean isConditionOrRefused(String text) {
        try {
            assertThat(OttlCondition.parseSpan(text).test(SPAN)).as(text).isNotNull();
            assertThat(OttlCondition.parseSpanEvent(text.replace("IsRootSpan()", "true")).test(SPAN)).as(text)
                    .isNotNull();
            return true;
        } catch (OttlException e) {
            assertThat(e.column()).as(text).isBetween(1, text.length() + 20);
            return false;
        }
    }
}
