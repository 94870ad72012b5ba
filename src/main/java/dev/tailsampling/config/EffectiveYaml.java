package dev.tailsampling.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Shows configuration records the way users write them, secrets hidden. */
final class EffectiveYaml {

    private EffectiveYaml() {}

    /** One line, for {@code toString}. */
    static String line(Record config) {
        return config.getClass().getSimpleName() + tree(config);
    }

    /** A tree of plain values as YAML in block style. */
    static String text(Map<String, @Nullable Object> tree) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        options.setSplitLines(false);
        return new Yaml(new PlainNumbers(options), options).dump(tree);
    }

    /** Writes decimals without exponents, which YAML 1.1 would take for texts. */
    private static final class PlainNumbers extends Representer {
        PlainNumbers(DumperOptions options) {
            super(options);
            representers.put(BigDecimal.class,
                    number -> representScalar(Tag.FLOAT, ((BigDecimal) number).toPlainString()));
        }
    }

    /** The record's keys and sections as plain values. */
    static Map<String, @Nullable Object> tree(Record config) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Section section = component.getAnnotation(Section.class);
            Setting setting = component.getAnnotation(Setting.class);
            if (section != null && value(config, component) instanceof Record inner) {
                tree.put(section.value(), tree(inner));
            } else if (setting != null) {
                tree.put(setting.key(), shown(value(config, component), setting.key()));
            }
        }
        return tree;
    }

    static @Nullable Object value(Record config, RecordComponent component) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the accessors of configuration records are public", e);
        }
    }

    private static @Nullable Object shown(@Nullable Object value, String key) {
        return switch (value) {
            case null -> null;
            case Duration duration -> inUnit(duration, key);
            case Map<?, ?> map -> shown(map);
            case Enum<?> constant -> constant.toString().toLowerCase(Locale.ROOT);
            case String text -> SecretMask.shown(text);
            case Boolean ignored -> value;
            case Double number -> new BigDecimal(number.toString());
            case Number ignored -> value;
            case List<?> list -> list.stream().map(EffectiveYaml::shownItem).toList();
            default -> value.toString();
        };
    }

    private static Object shownItem(Object item) {
        return item instanceof ExportRoute route ? route.tree() : SecretMask.shown(item.toString());
    }

    private static Map<String, Object> shown(Map<?, ?> map) {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((name, value) -> result.put(name.toString(), shown(name.toString(), value)));
        return result;
    }

    private static Object shown(String name, Object value) {
        if (value instanceof Duration duration) {
            return plain(BigDecimal.valueOf(duration.toNanos(), 9));
        }
        return SecretMask.isSecretName(name) ? SecretMask.HIDDEN : SecretMask.shown(value.toString());
    }

    private static Number inUnit(Duration duration, String key) {
        BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9);
        return plain(key.endsWith("_ms") ? seconds.movePointRight(3) : seconds);
    }

    private static Number plain(BigDecimal number) {
        BigDecimal value = number.stripTrailingZeros();
        return value.scale() <= 0 ? (Number) value.longValueExact() : value;
    }
}
