package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static dev.tailsampling.config.PeerCase.objects;

import dev.tailsampling.config.FieldKind.Place;
import dev.tailsampling.config.FieldTable.Field;
import dev.tailsampling.config.PolicyType.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What policies files may hold, as src/test/resources/policy-reference says it: one file per section with a text, tables
 * of fields, and examples. The tests of the reference hold it against the parsers.
 */
final class PolicyReference {

    static final PolicyReference IT = new PolicyReference(Path.of("src/test/resources/policy-reference"));

    /** Tables of policies by where they stand. */
    static final String POLICY = "policy";

    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Map<String, FieldTable> tables = new LinkedHashMap<>();

    /**
     * One file.
     *
     * @param tables those that it describes, in their order
     * @param operators of matchers, with what they are true of
     */
    record Section(String name, String text, Map<String, FieldTable> tables, Map<String, Object> operators,
            List<PolicyExample> examples) {}

    private PolicyReference(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".yaml")).sorted().map(PolicyReference::read)
                    .forEach(section -> {
                        sections.put(section.name, section);
                        tables.putAll(section.tables);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FieldTable policy = Objects.requireNonNull(tables.remove(POLICY));
        for (PolicyParser.Place place : PolicyParser.Place.values()) {
            tables.put(tableName(place), policyTable(policy, place));
        }
        FieldTable set = table("set");
        CollectorSettings.INSTEAD.keySet().stream().sorted().forEach(name -> set.fields().put(name,
                Field.of(name, Map.of("is", "anything", "means", unused(name)))));
    }

    private static Section read(Path file) {
        String name = file.getFileName().toString().replace(".yaml", "");
        Map<String, Object> yaml = tree(file);
        Map<String, FieldTable> tables = new LinkedHashMap<>();
        ordered(yaml.getOrDefault("tables", Map.of()))
                .forEach((table, fields) -> tables.put(table, FieldTable.of(table, ordered(fields))));
        return new Section(name, yaml.get("text").toString().strip(), tables,
                ordered(yaml.getOrDefault("operators", Map.of())),
                objects(yaml.getOrDefault("examples", List.of())).map(PolicyExample::of).toList());
    }

    static Map<String, Object> tree(Path file) {
        try {
            return ordered(YamlReader.read(Files.readString(file), file.toString()).plain());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> ordered(Object yaml) {
        Map<String, Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) yaml).forEach((key, value) -> result.put(key.toString(), value));
        return result;
    }

    private static String tableName(PolicyParser.Place place) {
        return place == PolicyParser.Place.TOP ? POLICY : POLICY + " in " + place.label();
    }

    /** The types that may stand there, each with a block of its own. */
    private static FieldTable policyTable(FieldTable any, PolicyParser.Place place) {
        List<String> types = Arrays.stream(PolicyType.values())
                .filter(type -> type.group() != Group.FOREIGN && place.admits(type.group())).map(PolicyType::label)
                .toList();
        Map<String, Field> fields = new LinkedHashMap<>(any.fields());
        fields.computeIfPresent("name",
                (name, field) -> field.with(place == PolicyParser.Place.TOP, List.of()));
        fields.computeIfPresent("type", (name, field) -> field.with(true, types));
        if (place != PolicyParser.Place.BUDGET) {
            fields.remove("percent");
        }
        PolicyType.labels().forEach(label -> fields.putIfAbsent(label, Field.of(label, Map.of("is", label))));
        return new FieldTable(tableName(place), fields);
    }

    static String unused(String name) {
        return "Not used: " + CollectorSettings.INSTEAD.get(name) + ".";
    }

    Section section(String name) {
        return Objects.requireNonNull(sections.get(name), name);
    }

    Map<String, FieldTable> tables() {
        return tables;
    }

    FieldTable table(String name) {
        return Objects.requireNonNull(tables.get(name), () -> "no table of the fields of " + name);
    }

    /** Tables that one of the fields chooses by its value, as "sampler ema_dynamic" is chosen by {@code type}. */
    List<String> variants(String name) {
        return tables.keySet().stream().filter(table -> table.startsWith(name + " ") && !name.equals(POLICY)).toList();
    }

    Stream<PolicyExample> examples() {
        return sections.values().stream().flatMap(section -> section.examples.stream());
    }

    Stream<Place> places(String name, Map<String, Object> fields, List<Object> path) {
        String table = variants(name).isEmpty() ? name : name + " " + fields.get("type");
        Stream<Place> inner =
                fields.entrySet().stream().filter(entry -> table(table).fields().containsKey(entry.getKey()))
                        .flatMap(entry -> table(table).fields().get(entry.getKey()).kind().places(entry.getValue(),
                                Stream.concat(path.stream(), Stream.of(entry.getKey())).toList(), this));
        return Stream.concat(Stream.of(new Place(path, table, map(fields))), inner);
    }
}
