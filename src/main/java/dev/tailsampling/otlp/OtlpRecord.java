package dev.tailsampling.otlp;

import org.jspecify.annotations.Nullable;

/** A message of OTLP as a record with fields, which is how tables with nested columns hold it. */
@FunctionalInterface
public interface OtlpRecord {

    /**
     * The value of a field; null if it is not set, or the record has no such field.
     *
     * <p>Messages are {@link OtlpRecord}s, or a {@code byte[]} with the message in protobuf; repeated fields are lists,
     * texts {@link CharSequence}s, bytes {@code byte[]}, numbers {@link Number}s in as many bits as the field has,
     * enums their number or the name of the value.
     *
     * @param name as in the .proto file, snake_case
     */
    @Nullable
    Object get(String name);
}
