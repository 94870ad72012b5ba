package dev.tailsampling.ottl;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions that a condition may call, by name. */
final class Converters {

    /** The one function that looks at the span; known in conditions on spans only. */
    static final String IS_ROOT_SPAN = "IsRootSpan";

    private static final SortedMap<String, Converter> BY_NAME = new TreeMap<>();

    static {
        Stream.of(TextConverters.ALL, TypeConverters.ALL, CollectionConverters.ALL, HashConverters.ALL,
                TimeConverters.ALL).flatMap(List::stream).forEach(each -> BY_NAME.put(each.name(), each));
    }

    private Converters() {}

    static @Nullable Converter named(String name) {
        return BY_NAME.get(name);
    }

    /** All names, in their order. */
    static String names(Context context) {
        Stream<String> all = switch (context) {
            case SPAN -> Stream.concat(BY_NAME.keySet().stream(), Stream.of(IS_ROOT_SPAN)).sorted();
            case SPAN_EVENT -> BY_NAME.keySet().stream();
        };
        return String.join(", ", all.toList());
    }
}
