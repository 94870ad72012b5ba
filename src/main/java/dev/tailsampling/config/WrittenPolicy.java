package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A policy as it stands in a file whose policies could be read.
 *
 * @param mapping all of it
 * @param type its type
 * @param fields the block under the type's name
 */
record WrittenPolicy(Mapping mapping, PolicyType type, PolicyFields fields) {

    private static final List<String> INNER =
            List.of("and_sub_policy", "drop_sub_policy", "not_sub_policy", "composite_sub_policy", "policies");

    static WrittenPolicy of(Mapping mapping) {
        PolicyFields own = new PolicyFields("policy", "", mapping);
        PolicyType type = Objects.requireNonNull(PolicyType.ofLabel(own.text("type")));
        Mapping block = own.find(type.label()) instanceof Mapping found
                ? found
                : new Mapping(mapping.origin(), Map.of());
        return new WrittenPolicy(mapping, type, new PolicyFields("policy", type.label() + ".", block));
    }

    Origin origin() {
        return mapping.origin();
    }

    /** A field beside the type. */
    PolicyFields own() {
        return new PolicyFields("policy", "", mapping);
    }

    /** The policies directly within it. */
    List<WrittenPolicy> within() {
        return INNER.stream().map(fields::find).flatMap(node -> switch (node) {
            case Sequence list -> list.items().stream();
            case Mapping one -> Stream.of(one);
            case null, default -> Stream.<YamlNode>empty();
        }).map(item -> of((Mapping) item)).toList();
    }

    /** Itself and the policies within it, however deep. */
    Stream<WrittenPolicy> withAllWithin() {
        return Stream.concat(Stream.of(this), within().stream().flatMap(WrittenPolicy::withAllWithin));
    }

    /** Blocks of other types. */
    List<Field> unusedBlocks() {
        return Arrays.stream(PolicyType.values()).filter(other -> other != type)
                .map(other -> mapping.fields().get(other.label()))
                .filter(field -> field != null && !(field.value() instanceof Scalar)).map(Objects::requireNonNull)
                .toList();
    }
}
