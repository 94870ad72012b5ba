package dev.tailsampling.ottl;

import dev.tailsampling.trace.AttributesView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions of lists and maps. */
final class CollectionConverters {

    private static final Parameter<@Nullable Object> TARGET = Parameter.of("target", Kinds::any);
    private static final Parameter<List<@Nullable Object>> LIST = Parameter.of("target", Kinds::list);
    private static final Parameter<List<@Nullable Object>> VALUES = Parameter.of("values", Kinds::list);
    private static final Parameter<Map<String, @Nullable Object>> MAP = Parameter.of("target", Kinds::map);

    static final List<Converter> ALL = List.of(
            Converter.of("Len", TARGET, CollectionConverters::length),
            Converter.of("ContainsValue", LIST, Parameter.of("item", Kinds::any), CollectionConverters::contains),
            Converter.of("Index", TARGET, Parameter.of("value", Kinds::any), CollectionConverters::index),
            Converter.of("Coalesce", VALUES, CollectionConverters::firstPresent),
            Converter.of("Keys", MAP, map -> new ArrayList<>(map.keySet())),
            Converter.of("Values", MAP, map -> new ArrayList<>(map.values())),
            Converter.of("Sort", LIST, Parameter.optionalLiteral("order", CollectionConverters::order, "asc"),
                    CollectionConverters::sort),
            Converter.of("ParseJSON", Parameter.of("target", Kinds::string), JsonReader::parse));

    private CollectionConverters() {}

    /** Of a string the bytes of its UTF-8 form are counted. */
    private static long length(@Nullable Object target) {
        return switch (target) {
            case String string -> string.getBytes(StandardCharsets.UTF_8).length;
            case byte[] bytes -> bytes.length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case AttributesView attributes -> attributes.size();
            case Values.Count items -> items.size();
            case null, default -> throw new EvaluationException("expected a string, a list or a map but got "
                    + Values.typeOf(target));
        };
    }

    /** Where a text is in a string, in bytes of its UTF-8 form, or a value in a list; -1 if nowhere. */
    private static long index(@Nullable Object target, @Nullable Object value) {
        if (target instanceof String text) {
            int index = text.indexOf(Kinds.string(value));
            return index < 0 ? -1 : length(text.substring(0, index));
        }
        return indexIn(Kinds.list(target), value);
    }

    private static boolean contains(List<@Nullable Object> list, @Nullable Object item) {
        return indexIn(list, item) >= 0;
    }

    private static long indexIn(List<@Nullable Object> list, @Nullable Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (Comparison.holds(list.get(i), ComparisonOperator.EQUAL, value)) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Object firstPresent(List<@Nullable Object> values) {
        for (Object value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static String order(@Nullable Object value) {
        String order = Kinds.string(value);
        if (!order.equals("asc") && !order.equals("desc")) {
            throw new EvaluationException("expected \"asc\" or \"desc\" but got \"" + order + "\"");
        }
        return order;
    }

    /** Numbers are sorted as numbers, all other mixtures as texts. */
    private static List<@Nullable Object> sort(List<@Nullable Object> list, String order) {
        for (Object element : list) {
            if (!(element instanceof Number || element instanceof String || element instanceof Boolean)) {
                throw new EvaluationException("a list that holds " + Values.typeOf(element) + " cannot be sorted");
            }
        }
        boolean numbers = list.stream().allMatch(Number.class::isInstance);
        Comparator<@Nullable Object> ascending = numbers
                ? (a, b) -> compareNumbers(a, b)
                : (a, b) -> String.valueOf(Kinds.stringLike(a)).compareTo(String.valueOf(Kinds.stringLike(b)));
        List<@Nullable Object> sorted = new ArrayList<>(list);
        sorted.sort(order.equals("asc") ? ascending : Collections.reverseOrder(ascending));
        return sorted;
    }

    private static int compareNumbers(@Nullable Object a, @Nullable Object b) {
        return a instanceof Long left && b instanceof Long right
                ? Long.compare(left, right)
                : Comparator.<Double>naturalOrder().compare(Kinds.doubleLike(a), Kinds.doubleLike(b));
    }
}
