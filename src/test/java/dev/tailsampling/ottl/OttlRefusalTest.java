package dev.tailsampling.ottl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no condition is refused with its place and a remedy. */
class OttlRefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            textBlock = """
                    ~~                               |  1 | expected a value but found the end
                    name                             |  1 | a value that is neither true nor false; compare it with another one
                    1 + 1                            |  1 | a value that is neither true nor false; compare it with another one
                    true and "text"                  | 10 | a value that is neither true nor false; compare it with another one
                    name ==                          |  8 | expected a value but found the end
                    name == 1 + and true             | 13 | expected a value but found 'and'
                    name = "a"                       |  6 | expected a comparison such as == but found '='
                    "a" + 1 == 2                     |  5 | expected a comparison such as == but found '+'
                    STATUS_CODE_ERROR + 1 == 3       | 19 | expected a comparison such as == but found '+'
                    1e5 == 1                         |  2 | expected a comparison such as == but found 'e5'
                    name == "a" name == "b"          | 13 | expected 'and', 'or' or the end but found 'name'
                    true)                            |  5 | expected 'and', 'or' or the end but found ')'
                    (true                            |  6 | expected ')' but found the end
                    not not true                     |  5 | expected a value but found 'not'
                    name == "a                       |  9 | a string that is not closed; add a "
                    name == "\\d"                    | 10 | an unknown escape in a string; a backslash itself is written \\\\
                    name == "\\ud800"                | 10 | an unknown escape in a string; a backslash itself is written \\\\
                    name == 'a'                      |  9 | unexpected character '''
                    name == "a" && true              | 13 | unexpected character '&'
                    9223372036854775808 == 1         |  1 | an int that does not fit into 64 bits
                    0x012 == 1                       |  1 | bytes with an odd number of hex digits
                    [1 2] == nil                     |  4 | expected ']' but found '2'
                    {a: 1} == nil                    |  2 | expected a key in quotes or '}' but found 'a'
                    name["a"] == nil                 |  1 | name has no elements; only attributes and trace_state have
                    attributes[0] == nil             |  1 | an attribute's key is a string, not an int
                    attributes["a"].b == nil         |  1 | attributes is indexed in the middle of a path; only the last name may be
                    trace_state[0] == nil            |  1 | trace_state is indexed by one string
                    IsMatch(name)                    |  1 | IsMatch takes 2 arguments: target, pattern, not 1
                    IsMatch(name, "a", "b")          |  1 | IsMatch takes 2 arguments: target, pattern, not 3
                    Trim()                           |  1 | Trim takes 2 arguments: target, replacement (optional), not 0
                    IsMatch(name, "(")               | 15 | IsMatch cannot take this pattern: not a regular expression: "(" (missing closing ))
                    IsMatch(name, 1)                 | 15 | IsMatch cannot take this pattern: expected a string but got an int
                    IsMatch(target=name, patern="a") | 22 | IsMatch has no parameter patern; it takes 2 arguments: target, pattern
                    IsMatch(target=name, "a")        | 22 | IsMatch has an argument without name behind one with a name
                    IsMatch(name, target="a")        | 15 | IsMatch has two arguments target
                    Substring(length=1,start=0,utf8_safe=true)|1| Substring misses its argument target
                    IsRootSpan(1)                    |  1 | IsRootSpan takes no argument
                    ConvertCase(name, "title") == "" | 19 | ConvertCase cannot take this to_case: expected "lower", "upper", "snake" or "camel" but got "title"
                    ConvertCase(name, name) == ""    | 19 | ConvertCase wants a literal for to_case
                    Sort([1], "up") == []            | 11 | Sort cannot take this order: expected "asc" or "desc" but got "up"
                    TraceID(0x01) == trace_id        |  9 | TraceID cannot take this bytes: a trace id has 16 bytes, not 1
                    TraceID("xy") == trace_id        |  9 | TraceID cannot take this bytes: a trace id is hex digits or bytes like 0x01, not "xy"
                    Double("many") == 1              |  8 | Double cannot take this value: "many" is not a number
                    HasPrefix(attributes, "a")       | 11 | HasPrefix cannot take this value: expected a string but got a map
                    Keys(attributes) == []           |  6 | Keys cannot take this target: expected one attribute, as attributes["key"], but got all of them
                    String(attributes) == ""         |  8 | String cannot take this value: expected one attribute, as attributes["key"], but got all of them
                    """)
    void ofACondition(String text, int column, String problem) {
        assertRefused(refusal(text), text, column, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            textBlock = """
                    span.nam == "a"                  |  1 | there is no path span.nam for spans; there are resource.attributes, scope.attributes, scope.dropped_attributes_count, scope.name, scope.version, span.attributes, span.dropped_attributes_count,
                    true or spam.name == "a"         |  9 | there is no path spam.name for spans; there are
                    Name == "a"                      |  1 | there is no path Name for spans; there are
                    spanevent.name == "a"            |  1 | there is no path spanevent.name for spans; there are
                    attributes.http.method == "GET"  |  1 | there is no path attributes.http.method for spans; there are
                    resource == nil                  |  1 | there is no path resource for spans; there are
                    resource.schema_url == ""        |  1 | there is no path resource.schema_url for spans; there are
                    cache["a"] == nil                |  1 | there is no path cache for spans; there are
                    kind == SPAN_KIND_SERVR          |  9 | there is no enum SPAN_KIND_SERVR; there are SPAN_KIND_UNSPECIFIED, SPAN_KIND_INTERNAL, SPAN_KIND_SERVER, SPAN_KIND_CLIENT, SPAN_KIND_PRODUCER, SPAN_KIND_CONSUMER, STATUS_CODE_UNSET, STATUS_CODE_OK, STATUS_CODE_ERROR
                    Foo(name) == 1                   |  1 | there is no function Foo for spans; there are Bool, Coalesce, Concat,
                    1 < Now()                        |  5 | there is no function Now for spans; there are
                    set(name, "a")                   |  1 | there is no function set for spans; there are
                    """)
    void namesWhatThereIs(String text, int column, String problem) {
        OttlException refusal = refusal(text);
        assertThat(refusal).hasMessageStartingWith("at column " + column + " of " + text + ": " + problem);
        assertThat(refusal.column()).isEqualTo(column);
    }

    @Test
    void whatBelongsToSpansOnlyIsRefusedForSpanEvents() {
        OttlException refusal =
                catchThrowableOfType(OttlException.class, () -> OttlCondition.parseSpanEvent("IsRootSpan()"));
        assertThat(refusal).hasMessageContaining("no function IsRootSpan for span events; there are Bool");
        refusal = catchThrowableOfType(OttlException.class, () -> OttlCondition.parseSpanEvent("kind == 1"));
        assertThat(refusal).hasMessageContaining("no path kind for span events;")
                .hasMessageContaining("spanevent.name");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThat(refusal("(".repeat(101) + "true" + ")".repeat(101)))
                .hasMessageEndingWith("nested more than 100 levels deep");
        assertThat(OttlCondition.parseSpan("(".repeat(99) + "true" + ")".repeat(99)).text()).hasSize(202);
    }

    private static void assertRefused(OttlException refusal, String text, int column, String problem) {
        assertThat(refusal).hasMessage("at column " + column + " of " + text + ": " + problem);
        assertThat(refusal.column()).isEqualTo(column);
    }

    private static OttlException refusal(String text) {
        return catchThrowableOfType(OttlException.class, () -> OttlCondition.parseSpan(text));
    }
}
