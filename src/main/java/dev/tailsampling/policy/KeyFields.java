package dev.tailsampling.policy;

import java.util.List;

/**
 * What makes traces alike for a sampler with keys.
 *
 * @param fields values of every span
 * @param rootFields values of the root span
 * @param useTraceLength whether the number of spans counts, too
 */
public record KeyFields(List<Field> fields, List<Field> rootFields, boolean useTraceLength) {

    /** A value and the name by which fields are sorted. */
    public record Field(String name, ValueSource source) {}

    public KeyFields {
        fields = List.copyOf(fields);
        rootFields = List.copyOf(rootFields);
        if (fields.isEmpty() && rootFields.isEmpty() && !useTraceLength) {
            throw new IllegalArgumentException("fields must not be empty");
        }
    }
}
