package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.sampler.SamplerKey.Built;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The facts are those of Refinery's tests of its trace key. */
class SamplerKeyTest {

    @Test
    void valuesComeFieldByFieldThenTheNumberOfSpans() {
        SamplerKey key = SamplerKey.of(
                List.of("http.status_code", "request.path", "app.team.id", "important_field"), true);
        assertThat(key.build(Map.of("http.status_code", List.of("200"), "request.path", List.of("/{slug}/home"),
                "app.team.id", List.of("2"), "important_field", List.of("true")), Map.of(), 1))
                .isEqualTo(new Built("2•,200•,true•,/{slug}/home•,1", 5));
    }

    @Test
    void equalValuesCountOnceAndAreSorted() {
        SamplerKey key = SamplerKey.of(List.of("http.status_code"), true);
        assertThat(key.build(Map.of("http.status_code", List.of("404", "200", "404", "200")), Map.of(), 4))
                .isEqualTo(new Built("200•404•,4", 3));
    }

    @Test
    void rootFieldsAreReadFromTheRootOnlyAndHaveNoBullet() {
        SamplerKey key = SamplerKey.of(List.of("http.status_code", "root.service_name", "root.another_field"), true);
        assertThat(key.build(Map.of("http.status_code", List.of("404", "200"), "service_name", List.of("another")),
                Map.of("service_name", "test"), 3))
                .isEqualTo(new Built("200•404•,test,3", 4));
    }

    @Test
    void fieldsWithoutValueLeaveNothingBehind() {
        Map<String, List<String>> other = Map.of("app.team.id", List.of("2"), "request.path", List.of());
        assertThat(SamplerKey.of(List.of("http.status_code", "request.path"), true).build(other, Map.of(), 2))
                .isEqualTo(new Built("2", 1));
        assertThat(SamplerKey.of(List.of("http.status_code", "root.x"), false).build(other, Map.of(), 2))
                .isEqualTo(new Built("", 0));
    }

    @Test
    void takes99ValuesWhateverTheirOrder() {
        SamplerKey key = SamplerKey.of(List.of("fieldB", "fieldA"), true);
        List<String> values = IntStream.range(0, 160).mapToObj(i -> "value" + i).toList();
        Built built = key.build(Map.of("fieldA", values, "fieldB", values), Map.of(), 160);
        assertThat(built.valueCount()).isEqualTo(100);
        assertThat(built.text()).startsWith("value0•value1•value10•").endsWith(",160");
        assertThat(key.build(Map.of("fieldA", values.reversed(), "fieldB", values), Map.of(), 160)).isEqualTo(built);
    }

    @Test
    void theLimitIsOfAllFieldsTogether() {
        List<String> many = IntStream.range(0, 98).mapToObj(i -> "a" + i).toList();
        Built built = SamplerKey.of(List.of("a", "b", "c"), false)
                .build(Map.of("a", many, "b", List.of("b1", "b2"), "c", List.of("c")), Map.of(), 1);
        assertThat(built.valueCount()).isEqualTo(99);
        assertThat(built.text()).endsWith(",b1•,");
    }

    @Test
    void textsAreInTheOrderOfTheirUtf8Bytes() {
        assertThat(SamplerKey.of(List.of("f"), false)
                .build(Map.of("f", List.of("😀", "\uffee", "z", "zz", "é")), Map.of(), 1).text())
                .isEqualTo("z•zz•é•\uffee•😀•,");
    }
}
