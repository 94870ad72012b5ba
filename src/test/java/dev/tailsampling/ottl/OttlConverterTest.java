package dev.tailsampling.ottl;

import static dev.tailsampling.ottl.OttlResult.ERROR;
import static dev.tailsampling.ottl.OttlResult.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.AttributeValue.BytesValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.TestSpan;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function, on literals and on values of a span. */
class OttlConverterTest {

    /** 2020-02-29T13:14:15.000000016Z, a Saturday. */
    private static final long LEAP_DAY = 1_582_982_055_000_000_016L;

    private static final TestSpan SPAN = TestSpan.span().name("GET /cart").nanos(LEAP_DAY, LEAP_DAY)
            .with("text", "zażółć").with("int", 12).with("double", 1.5).with("million", 1e6).with("huge", 1e21)
            .with("tiny", 1e-7).with("bool", true).with("bytes", new BytesValue(new byte[]{1, -1}))
            .with("tags", new ListValue(List.of(new StringValue("prod"), new LongValue(7))))
            .with("map", new MapValue(List.of(new MapValue.Entry("z", new StringValue("<")),
                    new MapValue.Entry("a", new LongValue(1)))))
            .with("json", "{\"a\": {\"b\": [1, \"x\\u0041\", null, true]}}").with("pattern", "^GET");

    @ParameterizedTest
    @ValueSource(strings = {
            "IsMatch(name, \"^GET\")",
            "IsMatch(name, attributes[\"pattern\"])",
            "IsMatch(attributes[\"int\"], \"^12$\")",
            "IsMatch(attributes[\"double\"], \"^1\\\\.5$\")",
            "IsMatch(attributes[\"bool\"], \"true\")",
            "IsMatch(attributes[\"bytes\"], \"^01ff$\")",
            "IsMatch(attributes[\"tags\"], \"\\\"prod\\\",7\")",
            "not IsMatch(attributes[\"none\"], \".*\")",
            "not IsMatch(name, \"POST|PUT\")",
            "ExtractPatterns(name, \"(?P<verb>[A-Z]+) /(?P<path>.*)\")[\"path\"] == \"cart\"",
            "Len(ExtractPatterns(name, \"(?P<verb>[a-z]+) (?P<path>nowhere)\")) == 0",
            "HasPrefix(name, \"GET\") and not HasPrefix(name, \"get\")",
            "HasSuffix(name, \"cart\") and not HasSuffix(name, \"car\")",
            "TrimPrefix(name, \"GET \") == \"/cart\" and TrimPrefix(name, \"x\") == name",
            "TrimSuffix(name, \"/cart\") == \"GET \" and TrimSuffix(name, \"x\") == name",
            "Trim(\"  a b \") == \"a b\"",
            "Trim(\"!!a!b!!\", \"!\") == \"a!b\"",
            "Concat([\"a\", attributes[\"int\"], attributes[\"none\"], true], \"-\") == \"a-12-<nil>-true\"",
            "Concat([span_id, 0x0aff], \"\") == \"00000000000000010aff\"",
            "Split(\"a,b,,c\", \",\") == [\"a\", \"b\", \"\", \"c\"]",
            "Split(\"añ\", \"\") == [\"a\", \"ñ\"]",
            "Split(name, \" \")[1] == \"/cart\"",
            "Substring(\"123456789\", 0, 3) == \"123\"",
            "Substring(attributes[\"text\"], 2, 2) == \"ż\"",
            "Substring(\"ñab\", 1, 2, true) == \"a\"",
            "Substring(\"añb\", 0, 2, utf8_safe = true) == \"a\"",
            "Substring(target=\"abc\", length=1, start=1, utf8Safe=true) == \"b\"",
            "ToLowerCase(\"ÄB\") == \"äb\" and ToUpperCase(\"äb\") == \"ÄB\"",
            "ConvertCase(\"MY_Metric\", \"lower\") == \"my_metric\" and ConvertCase(\"my\", \"upper\") == \"MY\"",
            "ConvertCase(\"myMetric\", \"snake\") == \"my_metric\"",
            "ToSnakeCase(\"JSONData v2 of-x.y\") == \"json_data_v_2_of_x_y\"",
            "ConvertCase(\"my_metric name-2x\", \"camel\") == \"MyMetricName2X\"",
            "ToCamelCase(\"\") == \"\"",
            "IsString(name) and not IsString(1) and not IsString(attributes[\"none\"])",
            "IsInt(attributes[\"int\"]) and not IsInt(1.0)",
            "IsDouble(attributes[\"double\"]) and not IsDouble(1)",
            "IsBool(attributes[\"bool\"]) and not IsBool(\"true\")",
            "IsList(attributes[\"tags\"]) and IsList([]) and IsList(events) and not IsList({})",
            "IsMap(attributes[\"map\"]) and IsMap({}) and IsMap(attributes) and not IsMap([])",
            "IsEmpty(\"\") and IsEmpty(0) and IsEmpty(0.0) and IsEmpty(false) and IsEmpty([]) and IsEmpty({})",
            "IsEmpty(nil) and IsEmpty(attributes[\"none\"]) and IsEmpty(parent_span_id) and IsEmpty(links)",
            "not (IsEmpty(name) or IsEmpty(1) or IsEmpty(attributes) or IsEmpty(trace_id) or IsEmpty(0x00))",
            "IsEmpty(resource.attributes) and not IsEmpty(start_time)",
            "String(attributes[\"int\"]) == \"12\" and String(attributes[\"double\"]) == \"1.5\"",
            "String(attributes[\"million\"]) == \"1000000\" and String(attributes[\"huge\"]) == \"1e+21\"",
            "String(attributes[\"tiny\"]) == \"1e-7\" and String(-0.25) == \"-0.25\" and String(0.0) == \"0\"",
            "String(attributes[\"bytes\"]) == \"01ff\" and String(trace_id) == trace_id.string",
            "String(attributes[\"map\"]) == \"{\\\"a\\\":1,\\\"z\\\":\\\"\\\\u003c\\\"}\"",
            "String([1, \"a\\n\", nil, 0x01]) == \"[1,\\\"a\\\\n\\\",null,\\\"AQ==\\\"]\"",
            "String(attributes[\"none\"]) == nil",
            "Int(\"42\") == 42 and Int(\"-7\") == -7 and Int(2.9) == 2 and Int(-2.9) == -2 and Int(true) == 1",
            "Int(\"2.0\") == nil and Int(name) == nil and Int(attributes[\"none\"]) == nil",
            "Double(\"50\") == 50.0 and Double(333) == 333.0 and Double(false) == 0 and Double(\"-1e3\") == -1000",
            "Double(attributes[\"none\"]) == nil",
            "Bool(\"T\") and Bool(\"1\") and not Bool(\"FALSE\") and Bool(5) and not Bool(0.0) and Bool(true)",
            "Bool(attributes[\"none\"]) == nil",
            "Hex(12) == \"000000000000000c\" and Hex(\"1\") == \"31\" and Hex(0x02) == \"02\" and Hex(true) == \"01\"",
            "Hex(1.1) == \"3ff199999999999a\" and Hex(attributes[\"none\"]) == \"\"",
            "ParseInt(\"12345\", 10) == 12345 and ParseInt(\"AA\", 16) == 170 and ParseInt(\"-20\", 8) == -16",
            "ParseInt(\"0xFF\", 0) == 255 and ParseInt(\"-0o123\", 0) == -83 and ParseInt(\"0b1111_0000\", 0) == 240",
            "ParseInt(\"010\", 0) == 8 and ParseInt(\"10\", 0) == 10 and ParseInt(\"0\", 0) == 0",
            "Log(1) == 0 and Log(\"1\") == 0",
            "Len(\"\") == 0 and Len(attributes[\"text\"]) == 10 and Len(0x0102) == 2",
            "Len([1, 2]) == 2 and Len({\"a\": 1}) == 1 and Len(attributes[\"tags\"]) == 2",
            "ContainsValue(attributes[\"tags\"], \"prod\") and ContainsValue(attributes[\"tags\"], 7.0)",
            "not ContainsValue([1, 2], \"1\") and ContainsValue([nil], nil)",
            "Index(\"hello world\", \"world\") == 6 and Index(\"żx\", \"x\") == 2 and Index(name, \"POST\") == -1",
            "Index(attributes[\"tags\"], 7) == 1 and Index([], 1) == -1",
            "Coalesce([attributes[\"none\"], attributes[\"int\"], 3]) == 12 and Coalesce([nil]) == nil",
            "Keys(attributes[\"map\"]) == [\"z\", \"a\"] and Values({\"a\": 1}) == [1]",
            "Sort([3, 1, 2]) == [1, 2, 3] and Sort([3, 1, 2], \"desc\") == [3, 2, 1]",
            "Sort([2, 1.5, 10]) == [1.5, 2, 10] and Sort([\"b\", 10, true, \"a\"]) == [10, \"a\", \"b\", true]",
            "ParseJSON(attributes[\"json\"])[\"a\"][\"b\"] == [1.0, \"xA\", nil, true]",
            "ParseJSON(\" [ -1.5e3 , {} , false ] \") == [-1500.0, {}, false]",
            "MD5(\"\") == \"d41d8cd98f00b204e9800998ecf8427e\"",
            "SHA1(\"abc\") == \"a9993e364706816aba3e25717850c26c9cd0d89d\"",
            "SHA256(\"abc\") == \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
            "HasPrefix(SHA512(\"abc\"), \"ddaf35a193617abacc417349ae204131\") and Len(SHA512(name)) == 128",
            "FNV(\"hello world\") == 8618312879776256743 and FNV(\"\") == -3750763034362895579",
            "Duration(\"1h30m\") == Duration(\"90m\") and Duration(\"-1.5s\") == Duration(\"-1500ms\")",
            "Duration(\"1us\") == Duration(\"1000ns\") and Duration(\"1µs\") == Duration(\"1us\") and Duration(\"0\") == Duration(\"0s\")",
            "Hours(Duration(\"90m\")) == 1.5 and Minutes(Duration(\"90s\")) == 1.5 and Seconds(Duration(\"1500ms\")) == 1.5",
            "Milliseconds(Duration(\"1h\")) == 3600000 and Microseconds(Duration(\"1ms\")) == 1000",
            "Nanoseconds(Duration(\"1.5us\")) == 1500 and Milliseconds(Duration(\"-1500us\")) == -1",
            "Unix(1582982055, 16) == start_time and Unix(0) < start_time",
            "UnixSeconds(start_time) == 1582982055 and UnixMilli(start_time) == 1582982055000",
            "UnixMicro(start_time) == 1582982055000000 and UnixNano(start_time) == start_time_unix_nano",
            "Year(start_time) == 2020 and Month(start_time) == 2 and Day(start_time) == 29 and Weekday(start_time) == 6",
            "Hour(start_time) == 13 and Minute(start_time) == 14 and Second(start_time) == 15",
            "Nanosecond(start_time) == 16",
            "TraceID(0x00000000000000000000000000000001) == trace_id",
            "SpanID(\"0000000000000001\") == span_id and IsRootSpan()"})
    void holds(String condition) {
        OttlCondition parsed = OttlCondition.parseSpan(condition);
        assertThat(parsed.error(SPAN)).isNull();
        assertThat(parsed.test(SPAN)).isEqualTo(TRUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "IsMatch(events, \"x\")",
            "IsMatch(name, Concat([\"(\", name], \"\"))",
            "HasPrefix(attributes[\"none\"], \"x\")",
            "HasPrefix(attributes[\"int\"], \"x\")",
            "Substring(name, 0, 100) == \"\"",
            "Substring(name, attributes[\"int\"], 0) == \"\"",
            "Substring(attributes[\"none\"], 0, 4) == \"keep\"",
            "Split(name, \" \")[2] == \"\"",
            "Split(name, \" \")[\"a\"] == \"\"",
            "ParseJSON(attributes[\"json\"])[\"z\"] == nil",
            "ParseJSON(attributes[\"text\"]) == nil",
            "ParseJSON(\"{\") == nil",
            "ParseJSON(\"[1] 2\") == nil",
            "ParseJSON(\"1\") == nil",
            "ParseJSON(\"[\\\"\\\\u00g0\\\"]\") == nil",
            "Concat(attributes[\"int\"], \"\") == \"\"",
            "ToLowerCase(attributes[\"int\"]) == \"\"",
            "Int(attributes[\"tags\"]) == nil",
            "Double(attributes[\"text\"]) == nil",
            "Bool(attributes[\"text\"])",
            "Hex(attributes[\"tags\"]) == \"\"",
            "ParseInt(name, 10) == 1",
            "ParseInt(\"1\", 99) == 1",
            "ParseInt(\"+-1\", 10) == 1",
            "Log(0) == 0",
            "Log(attributes[\"none\"]) == 0",
            "Len(attributes[\"int\"]) == 1",
            "Len(attributes[\"none\"]) == 1",
            "ContainsValue(attributes[\"none\"], 1)",
            "Index(name, 1) == 1",
            "Index(attributes[\"int\"], 1) == 1",
            "Keys(attributes[\"tags\"]) == nil",
            "Sort([nil]) == nil",
            "Duration(\"3\") == nil",
            "Duration(\"\") == nil",
            "Duration(\"300000h99\") == nil",
            "Duration(\"9000000h\") == nil",
            "Seconds(attributes[\"int\"]) == 1",
            "Year(start_time_unix_nano) == 2020",
            "UnixNano(Unix(99999999999)) == 1",
            "Unix(9223372036854775807) == nil",
            "TraceID(attributes[\"bytes\"]) == trace_id",
            "SpanID(name) == span_id",
            "MD5(attributes[\"none\"]) == \"\""})
    void fails(String condition) {
        assertThat(OttlCondition.parseSpan(condition).test(SPAN)).isEqualTo(ERROR);
    }
}
