package dev.tailsampling.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a field of a policies file takes, in the words of the reference: "whole number", "text or list of text", "list of
 * matcher". A word that is not {@link Plain} is the name of a {@link FieldTable}.
 */
sealed interface FieldKind {

    /** A single value, or anything. */
    enum Plain implements FieldKind {
        TEXT, NUMBER, WHOLE_NUMBER, BOOLEAN,
        /** A text, number or boolean. */
        VALUE,
        /** Not ours to judge. */
        ANYTHING;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    record ListOf(FieldKind item) implements FieldKind {}

    record MapOf(FieldKind value) implements FieldKind {}

    record Either(FieldKind one, FieldKind other) implements FieldKind {}

    record Fields(String table) implements FieldKind {}

    /** A map somewhere in an example, and the table of its fields. */
    record Place(List<Object> path, String table, Map<String, Object> fields) {}

    static FieldKind of(String words) {
        int or = words.indexOf(" or ");
        if (or >= 0) {
            return new Either(of(words.substring(0, or)), of(words.substring(or + 4)));
        }
        if (words.startsWith("list of ")) {
            return new ListOf(of(words.substring("list of ".length())));
        }
        if (words.startsWith("map of ")) {
            return new MapOf(of(words.substring("map of ".length())));
        }
        return Stream.of(Plain.values()).filter(plain -> plain.word().equals(words)).<FieldKind>map(plain -> plain)
                .findFirst().orElseGet(() -> new Fields(words));
    }

    /** The maps with tables of their own that are in a value of this kind, itself included. */
    default Stream<Place> places(Object value, List<Object> path, PolicyReference reference) {
        return switch (this) {
            case Plain ignored -> Stream.empty();
            case ListOf list when value instanceof List<?> items -> IntStream.range(0, items.size()).boxed()
                    .flatMap(i -> list.item.places(items.get(i), add(path, i), reference));
            case MapOf map when value instanceof Map<?, ?> values -> values.entrySet().stream()
                    .flatMap(entry -> map.value.places(entry.getValue(), add(path, entry.getKey()), reference));
            case Either either -> Stream.concat(either.one.places(value, path, reference),
                    either.other.places(value, path, reference));
            case Fields(String table) when value instanceof Map<?, ?> ->
                reference.places(table, PeerCase.map(value), path);
            default -> Stream.empty();
        };
    }

    private static List<Object> add(List<Object> path, Object step) {
        return Stream.concat(path.stream(), Stream.of(step)).toList();
    }
}
