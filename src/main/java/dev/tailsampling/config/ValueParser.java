package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what a user wrote under one name of a key into the key's value, or says what is wrong with it. */
final class ValueParser {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d[\\d_]{0,20}");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d{1,18}(\\.\\d{0,18})?|\\.\\d{1,18})([eE][+-]?\\d{1,2})?");
    // A century: far beyond every use, and far from overflow in any unit.
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final ConfigKey key;
    private final String name;

    /** A parser for values given under that name of the key. */
    ValueParser(ConfigKey key, String name) {
        this.key = key;
        this.name = name;
    }

    /**
     * The value; null only for an optional key given as nothing.
     *
     * @throws ConfigException if it has the wrong type or is out of range
     */
    @Nullable
    Object parse(YamlNode node) {
        return switch (key.typeUnder(name)) {
            case LIST -> list(node);
            case ROUTES -> new RouteParser(name, ExportConfig.DESTINATIONS).parse(node);
            case MAP -> map(node, Scalar::text);
            case SECRET_MAP -> map(node, scalar -> new Secret(scalar.text()));
            case SECONDS_MAP -> map(node, this::seconds);
            default -> single(scalar(node, "a single value"));
        };
    }

    private @Nullable Object single(Scalar scalar) {
        String text = scalar.text().strip();
        if (text.isEmpty()) {
            if (key.isOptional()) {
                return null;
            }
            throw wrong(scalar, "must not be empty");
        }
        return switch (key.typeUnder(name)) {
            case TEXT -> text;
            case SECRET -> new Secret(text);
            case PATH -> path(scalar, text);
            case CHOICE -> choice(scalar, text);
            case BOOLEAN -> bool(scalar, text);
            case INT -> (int) whole(scalar, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole(scalar, text, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> inRange(scalar, decimal(scalar, text)).doubleValue();
            case SECONDS -> seconds(scalar);
            case MILLIS -> duration(scalar, inRange(scalar, decimal(scalar, text)).movePointLeft(3));
            case LIST, ROUTES, MAP, SECRET_MAP, SECONDS_MAP ->
                throw new IllegalStateException("not a single value: " + name);
        };
    }

    private Path path(Scalar scalar, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong(scalar, "must be a path: " + e.getReason());
        }
    }

    private Object choice(Scalar scalar, String text) {
        for (Object constant : key.component().getType().getEnumConstants()) {
            if (constant.toString().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw wrong(scalar, "must be " + key.allowed() + ", not " + scalar.kind());
    }

    private boolean bool(Scalar scalar, String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return text.equalsIgnoreCase("true");
        }
        throw wrong(scalar, "must be true or false, not " + scalar.kind());
    }

    private long whole(Scalar scalar, String text, long lowest, long highest) {
        if (!WHOLE.matcher(text).matches()) {
            throw wrong(scalar, "must be a whole number, not " + scalar.kind());
        }
        BigDecimal number = inRange(scalar, new BigDecimal(text.replace("_", "")));
        if (number.compareTo(BigDecimal.valueOf(lowest)) < 0 || number.compareTo(BigDecimal.valueOf(highest)) > 0) {
            throw wrong(scalar, "must be from " + lowest + " to " + highest + ", not " + text);
        }
        return number.longValueExact();
    }

    private BigDecimal decimal(Scalar scalar, String text) {
        String digits = text.replace("_", "");
        if (!DECIMAL.matcher(digits).matches()) {
            throw wrong(scalar, "must be a number, not " + scalar.kind());
        }
        return new BigDecimal(digits);
    }

    private BigDecimal inRange(Scalar scalar, BigDecimal number) {
        if (number.compareTo(BigDecimal.valueOf(key.setting().min())) < 0
                || number.compareTo(BigDecimal.valueOf(key.setting().max())) > 0) {
            throw wrong(scalar, "must be " + key.allowed() + ", not " + scalar.text());
        }
        return number;
    }

    private Duration seconds(Scalar scalar) {
        return duration(scalar, inRange(scalar, decimal(scalar, scalar.text().strip())));
    }

    private Duration duration(Scalar scalar, BigDecimal seconds) {
        if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
            throw wrong(scalar, "must not be longer than a century");
        }
        return Duration.ofSeconds(seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }

    /** A list, or one text with commas. */
    private List<String> list(YamlNode node) {
        Stream<String> items = node instanceof Sequence sequence
                ? sequence.items().stream().map(item -> scalar(item, "a list of texts").text())
                : Stream.of(scalar(node, "a list of texts").text().split(","));
        return items.map(String::strip).filter(item -> !item.isEmpty()).toList();
    }

    /** A map, or one text {@code key=value,key=value}. */
    private <V> Map<String, V> map(YamlNode node, Function<Scalar, V> value) {
        Map<String, V> result = new LinkedHashMap<>();
        if (node instanceof Mapping mapping) {
            mapping.fields().values().forEach(field -> result.put(field.name(),
                    value.apply(scalar(field.value(), "a " + key.typeUnder(name).label()))));
        } else {
            Scalar scalar = scalar(node, "a " + key.typeUnder(name).label());
            for (String pair : scalar.text().split(",")) {
                if (!pair.isBlank()) {
                    put(result, scalar, pair, value);
                }
            }
        }
        return Collections.unmodifiableMap(result);
    }

    private <V> void put(Map<String, V> result, Scalar scalar, String pair, Function<Scalar, V> value) {
        int equals = pair.indexOf('=');
        // The pair itself is not shown, it may be a secret.
        if (equals < 1 || result.put(pair.substring(0, equals).strip(),
                value.apply(new Scalar(scalar.origin(), pair.substring(equals + 1).strip(), scalar.form()))) != null) {
            throw wrong(scalar, "must be key=value pairs with commas between them, each key once");
        }
    }

    private Scalar scalar(YamlNode node, String expected) {
        if (node instanceof Scalar scalar) {
            return scalar;
        }
        throw wrong(node, "must be " + expected + ", not " + node.kind());
    }

    private ConfigException wrong(YamlNode node, String problem) {
        return new ConfigException(node.origin() + ": " + name + " " + problem);
    }
}
