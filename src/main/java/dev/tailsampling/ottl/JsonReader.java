package dev.tailsampling.ottl;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object or array from an attribute; numbers become doubles. */
final class JsonReader {

    private static final int MAX_DEPTH = 64;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");
    private static final Pattern SPACE = Pattern.compile("[ \t\r\n]*");
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";

    private final String text;
    private int next;

    private JsonReader(String text) {
        this.text = text;
    }

    /** @throws EvaluationException if the text is not one JSON object or array */
    static Object parse(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value(0);
        reader.space();
        if (reader.next < text.length() || !(value instanceof List || value instanceof Map)) {
            throw reader.malformed();
        }
        return value;
    }

    private EvaluationException malformed() {
        return new EvaluationException("a string that is not a JSON object or array, at character " + (next + 1));
    }

    private void space() {
        Matcher space = SPACE.matcher(text).region(next, text.length());
        next = space.lookingAt() ? space.end() : next;
    }

    private boolean accept(String token) {
        space();
        boolean there = text.startsWith(token, next);
        next += there ? token.length() : 0;
        return there;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw malformed();
        }
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new EvaluationException("JSON nested more than " + MAX_DEPTH + " levels deep");
        }
        if (accept("{")) {
            return object(depth);
        }
        if (accept("[")) {
            return array(depth);
        }
        if (accept("\"")) {
            return string();
        }
        if (accept("true")) {
            return true;
        }
        if (accept("false")) {
            return false;
        }
        return accept("null") ? null : (Object) number();
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        if (accept("}")) {
            return entries;
        }
        do {
            expect("\"");
            String key = string();
            expect(":");
            entries.put(key, value(depth + 1));
        } while (accept(","));
        expect("}");
        return entries;
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> elements = new ArrayList<>();
        if (accept("]")) {
            return elements;
        }
        do {
            elements.add(value(depth + 1));
        } while (accept(","));
        expect("]");
        return elements;
    }

    private double number() {
        Matcher number = NUMBER.matcher(text).region(next, text.length());
        if (!number.lookingAt()) {
            throw malformed();
        }
        next = number.end();
        return Double.parseDouble(number.group());
    }

    private String string() {
        StringBuilder content = new StringBuilder();
        while (next < text.length() && text.charAt(next) != '"') {
            char c = text.charAt(next++);
            if (c < ' ') {
                throw malformed();
            }
            content.append(c == '\\' ? escaped() : c);
        }
        expect("\"");
        return content.toString();
    }

    private char escaped() {
        char kind = next < text.length() ? text.charAt(next++) : ' ';
        int meant = ESCAPED.indexOf(kind);
        if (meant >= 0) {
            return MEANT.charAt(meant);
        }
        if (kind != 'u' || next + 4 > text.length()) {
            throw malformed();
        }
        try {
            next += 4;
            return (char) HexFormat.fromHexDigits(text, next - 4, next);
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }
}
