package dev.tailsampling.ottl;

import static dev.tailsampling.ottl.OttlResult.ERROR;
import static dev.tailsampling.ottl.OttlResult.FALSE;
import static dev.tailsampling.ottl.OttlResult.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.TestSpan;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a policy asks of a condition, with the cases of the Collector's tests of {@code ottl_condition}. */
class OttlConditionTest {

    private static final TestSpan SPAN = TestSpan.span().with("attr_k_1", "attr_v_1").event("test event", Map.of());

    @Test
    void comparesAnAttribute() {
        assertThat(OttlCondition.parseSpan("attributes[\"attr_k_1\"] == \"attr_v_1\"").test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpan("attributes[\"attr_k_1\"] != \"attr_v_1\"").test(SPAN)).isEqualTo(FALSE);
        assertThat(OttlCondition.parseSpan("attributes[\"attr_k_1\"] != \"attr_v_2\"").test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpan("attributes[\"other\"] == \"attr_v_1\"").test(SPAN)).isEqualTo(FALSE);
    }

    @Test
    void takesPathsWithAndWithoutPrefix() {
        assertThat(OttlCondition.parseSpan("span.attributes[\"attr_k_1\"] == \"attr_v_1\"").test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpanEvent("spanevent.name == \"test event\"").test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpanEvent("name != \"incorrect event name\"").test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpan("instrumentation_scope.name == \"my-scope\"")
                .test(TestSpan.span().scope("my-scope", ""))).isEqualTo(TRUE);
    }

    @Test
    void ofEventsOneThatSatisfiesIsEnough() {
        OttlCondition condition = OttlCondition.parseSpanEvent("Substring(attributes[\"value\"], 0, 4) == \"keep\"");
        assertThat(condition.test(TestSpan.span())).isEqualTo(FALSE);
        assertThat(condition.test(events("drop"))).isEqualTo(FALSE);
        assertThat(condition.test(events("drop", ""))).isEqualTo(ERROR);
        assertThat(condition.test(events("", "keep", ""))).isEqualTo(TRUE);
    }

    private static TestSpan events(String... values) {
        TestSpan span = TestSpan.span();
        for (String value : values) {
            span.event("e", Map.of("value", new StringValue(value)));
        }
        return span;
    }

    @Test
    void saysWhyItFailed() {
        OttlCondition condition = OttlCondition.parseSpanEvent("HasPrefix(attributes[\"value\"], \"k\")");
        assertThat(condition.error(TestSpan.span().event("e", Map.of())))
                .isEqualTo("expected a string but got nil");
        assertThat(condition.error(events("k"))).isNull();
    }

    @Test
    void isAValue() {
        OttlCondition condition = OttlCondition.parseSpan("name == \"a\"");
        assertThat(condition).isEqualTo(OttlCondition.parseSpan("name == \"a\""))
                .hasSameHashCodeAs(OttlCondition.parseSpan("name == \"a\""))
                .isNotEqualTo(OttlCondition.parseSpanEvent("name == \"a\""))
                .isNotEqualTo(OttlCondition.parseSpan("name == \"b\""))
                .hasToString("span: name == \"a\"");
        assertThat(condition.text()).isEqualTo("name == \"a\"");
    }
}
