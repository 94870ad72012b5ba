package dev.tailsampling.ottl;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions of texts. */
final class TextConverters {

    private static final Parameter<String> TARGET = Parameter.of("target", Kinds::string);
    private static final Parameter<String> VALUE = Parameter.of("value", Kinds::string);
    private static final Parameter<Pattern> PATTERN = Parameter.of("pattern", Kinds::pattern);
    private static final Parameter<String> DELIMITER = Parameter.of("delimiter", Kinds::string);
    private static final Parameter<Long> START = Parameter.of("start", Kinds::integer);
    private static final Parameter<Long> LENGTH = Parameter.of("length", Kinds::integer);
    private static final Parameter<Boolean> UTF8_SAFE = Parameter.optionalLiteral("utf8_safe", Kinds::bool, false);

    static final List<Converter> ALL = List.of(
            Converter.of("IsMatch", Parameter.of("target", Kinds::stringLike), PATTERN,
                    (target, pattern) -> target != null && pattern.matcher(target).find()),
            Converter.of("ExtractPatterns", TARGET, PATTERN, TextConverters::extract),
            Converter.of("HasPrefix", VALUE, Parameter.of("prefix", Kinds::string), String::startsWith),
            Converter.of("HasSuffix", VALUE, Parameter.of("suffix", Kinds::string), String::endsWith),
            Converter.of("TrimPrefix", VALUE, Parameter.of("prefix", Kinds::string),
                    (value, prefix) -> value.startsWith(prefix) ? value.substring(prefix.length()) : value),
            Converter.of("TrimSuffix", VALUE, Parameter.of("suffix", Kinds::string),
                    (value, suffix) -> value.endsWith(suffix)
                            ? value.substring(0, value.length() - suffix.length())
                            : value),
            Converter.of("Trim", TARGET, Parameter.optionalLiteral("replacement", Kinds::string, " "),
                    TextConverters::trim),
            Converter.of("Concat", Parameter.of("vals", Kinds::list), DELIMITER, TextConverters::concat),
            Converter.of("Split", TARGET, DELIMITER, TextConverters::split),
            new Converter("Substring", List.of(TARGET, START, LENGTH, UTF8_SAFE),
                    arguments -> substring(TARGET.read(arguments[0]), START.read(arguments[1]),
                            LENGTH.read(arguments[2]), UTF8_SAFE.read(arguments[3]))),
            Converter.of("ToLowerCase", TARGET, TextConverters::lower),
            Converter.of("ToUpperCase", TARGET, TextConverters::upper),
            Converter.of("ToSnakeCase", TARGET, LetterCase::snake),
            Converter.of("ToCamelCase", TARGET, LetterCase::camel),
            Converter.of("ConvertCase", TARGET, Parameter.literal("to_case", TextConverters::caseName),
                    TextConverters::convertCase));

    private TextConverters() {}

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String caseName(@Nullable Object value) {
        String name = Kinds.string(value);
        if (!List.of("lower", "upper", "snake", "camel").contains(name)) {
            throw new EvaluationException("expected \"lower\", \"upper\", \"snake\" or \"camel\" but got \"" + name
                    + "\"");
        }
        return name;
    }

    private static String convertCase(String target, String name) {
        return switch (name) {
            case "lower" -> lower(target);
            case "upper" -> upper(target);
            case "snake" -> LetterCase.snake(target);
            default -> LetterCase.camel(target);
        };
    }

    /** The named groups of the first match; empty without a match. */
    private static Map<String, @Nullable Object> extract(String target, Pattern pattern) {
        Map<String, @Nullable Object> groups = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(target);
        if (matcher.find()) {
            pattern.namedGroups().forEach((name, group) -> {
                String content = matcher.group(group);
                groups.put(name, content == null ? "" : content);
            });
        }
        return groups;
    }

    private static String trim(String text, String characters) {
        int start = 0;
        int end = text.length();
        while (start < end && characters.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (end > start && characters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static String concat(List<@Nullable Object> values, String delimiter) {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            String text = Kinds.stringLike(value);
            // Collector: what is missing shows in the text.
            texts.add(text == null ? "<nil>" : text);
        }
        return String.join(delimiter, texts);
    }

    private static List<@Nullable Object> split(String target, String delimiter) {
        List<@Nullable Object> parts = new ArrayList<>();
        if (delimiter.isEmpty()) {
            target.codePoints().forEach(character -> parts.add(Character.toString(character)));
            return parts;
        }
        int start = 0;
        for (int end = target.indexOf(delimiter); end >= 0; end = target.indexOf(delimiter, start)) {
            parts.add(target.substring(start, end));
            start = end + delimiter.length();
        }
        parts.add(target.substring(start));
        return parts;
    }

    /** Start and length count bytes of UTF-8; if safe, a character that is cut is left out whole. */
    private static String substring(String target, long start, long length, boolean safe) {
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        if (start < 0 || length <= 0 || start > bytes.length || length > bytes.length - start) {
            throw new EvaluationException("no " + length + " bytes from " + start + " in a string of " + bytes.length);
        }
        int from = (int) start;
        int to = (int) (start + length);
        while (safe && from < to && isContinuation(bytes[from])) {
            from++;
        }
        while (safe && to > from && to < bytes.length && isContinuation(bytes[to])) {
            to--;
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean isContinuation(byte utf8) {
        return (utf8 & 0xc0) == 0x80;
    }
}
