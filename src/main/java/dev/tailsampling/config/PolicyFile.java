package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A policies file. It holds one of
 * <ul>
 * <li>a {@code policies} list,
 * <li>a Collector's {@code tail_sampling} block, alone or among the {@code processors} of a Collector's configuration,
 * <li>the {@code sampling} block of this program's configuration,
 * <li>the samplers of a rules file of Refinery ({@link RefineryRules}), of which the {@code __default__} is taken.
 * </ul>
 *
 * @param name for messages, usually the path
 * @param text YAML (or JSON, which is YAML)
 * @param dialect what is said of it from outside
 */
public record PolicyFile(String name, String text, PolicyDialect dialect) {

    private static final String PROCESSORS = "processors";
    private static final String TAIL_SAMPLING = "tail_sampling";
    private static final String SAMPLING = "sampling";
    private static final Set<String> SHAPES = Set.of(ListedPolicies.KEY, PROCESSORS, SAMPLING);

    /** A file that speaks for itself. */
    public PolicyFile(String name, String text) {
        this(name, text, PolicyDialect.UNSAID);
    }

    /** The same file, of which this is said. */
    public PolicyFile as(PolicyDialect said) {
        return new PolicyFile(name, text, said);
    }

    /**
     * Reads a file.
     *
     * @throws PolicyException if it cannot be read
     */
    public static PolicyFile read(Path file) {
        try {
            return new PolicyFile(file.toString(), TextFile.read(file));
        } catch (ConfigException e) {
            throw new PolicyException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The policies in the file.
     *
     * @throws PolicyException if they cannot be used; one sentence with line and column, the policy and the field
     */
    public ParsedPolicies parse() {
        if (dialect.format() == PolicyDialect.Format.REFINERY) {
            return RefineryRules.parse(name, text, dialect.environment());
        }
        return parse(root());
    }

    /** All of the file. */
    Mapping root() {
        try {
            return YamlReader.read(text, name);
        } catch (YamlException e) {
            throw new PolicyException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The map that has the list of policies, as it was written; null where switches stand for them. */
    @Nullable
    Mapping block() {
        Mapping root = root();
        Field shape = shape(root);
        Mapping block = switch (shape.name()) {
            case ListedPolicies.KEY -> root;
            case PROCESSORS -> mapping(tailSampling(shape));
            default -> mapping(shape);
        };
        return block.fields().containsKey(ListedPolicies.KEY) ? block : null;
    }

    /** Whether the policies stand in a Collector's processor. */
    boolean isCollectors() {
        Field shape = shape(root());
        return dialect.format() == PolicyDialect.Format.OTEL || shape.name().equals(PROCESSORS)
                || isTailSampling(shape);
    }

    private ParsedPolicies parse(Mapping root) {
        if (isRefinery(root)) {
            return RefineryRules.parse(root, dialect.environment());
        }
        Field shape = shape(root);
        return switch (shape.name()) {
            case ListedPolicies.KEY -> block(root);
            case PROCESSORS -> block(mapping(tailSampling(shape)));
            case SAMPLING -> sampling(root, shape);
            default -> alone(root, shape);
        };
    }

    private Field shape(Mapping root) {
        List<Field> shapes = root.fields().values().stream().filter(PolicyFile::isShape).toList();
        if (shapes.size() > 1) {
            throw new PolicyException(name + ": policies are in several places, keep one: " + names(shapes));
        }
        if (shapes.isEmpty()) {
            throw new PolicyException(name + ": no policies found; expected a policies list, a tail_sampling block, "
                    + "processors with one, a sampling block, or Refinery's Samplers");
        }
        return shapes.getFirst();
    }

    /** Whether it is a rules file of Refinery. */
    boolean isRefinery(Mapping root) {
        return dialect.format() == null
                ? root.fields().keySet().stream().anyMatch(RefineryRules.KEYS::contains)
                : dialect.format() == PolicyDialect.Format.REFINERY;
    }

    private static boolean isShape(Field field) {
        return SHAPES.contains(field.name()) || isTailSampling(field);
    }

    private static boolean isTailSampling(Field field) {
        return field.name().equals(TAIL_SAMPLING) || field.name().startsWith(TAIL_SAMPLING + "/");
    }

    private static String names(List<Field> fields) {
        return fields.stream().map(Field::name).collect(Collectors.joining(", "));
    }

    /** The rest of a Collector's configuration is not ours to judge. */
    private static Field tailSampling(Field processors) {
        List<Field> found = mapping(processors).fields().values().stream().filter(PolicyFile::isTailSampling).toList();
        if (found.size() != 1) {
            throw new PolicyException(processors.origin() + ": expected one tail_sampling processor, found "
                    + (found.isEmpty() ? "none" : names(found)));
        }
        return found.getFirst();
    }

    private ParsedPolicies alone(Mapping root, Field tailSampling) {
        refuseOthers(root, Set.of(tailSampling.name()));
        return block(mapping(tailSampling));
    }

    private ParsedPolicies block(Mapping block) {
        PolicyWarnings warnings = new PolicyWarnings();
        new CollectorSettings(warnings).check(block);
        Field list = block.fields().get(ListedPolicies.KEY);
        if (list == null) {
            throw new PolicyException(block.origin() + ": the policies list is missing");
        }
        SetFields fields = SetFields.read(block, dialect);
        return new ParsedPolicies(
                fields.set(new PolicyListParser(new PolicyContext(fields.compat(), warnings)).parse(list.value())),
                warnings.all());
    }

    private ParsedPolicies sampling(Mapping root, Field sampling) {
        refuseOthers(root, SelectorConfig.KEYS.sections());
        Mapping block = mapping(sampling);
        return block.fields().containsKey(ListedPolicies.KEY) ? block(block) : switches(block);
    }

    private ParsedPolicies switches(Mapping block) {
        ConfigKeys keys = ConfigKeys.of(SamplingConfig.class, SAMPLING + ".");
        try {
            Settings settings = new SettingsReader(keys, Set.of()).read(block, SAMPLING + ".").settings();
            SamplingConfig switches = new RecordBinder(keys, settings).bind(SamplingConfig.class, SAMPLING + ".");
            if (switches.policiesFile() == null) {
                return new SwitchPolicies(switches).parsed();
            }
        } catch (PolicyException e) {
            throw e;
        } catch (ConfigException e) {
            throw new PolicyException(String.valueOf(e.getMessage()), e);
        }
        throw new PolicyException(block.origin() + ": a policies file cannot name another one");
    }

    private static Mapping mapping(Field field) {
        return switch (field.value()) {
            case Mapping mapping -> mapping;
            case Scalar scalar when scalar.isNull() -> new Mapping(field.origin(), Map.of());
            default -> throw new PolicyException(
                    field.value().origin() + ": " + field.name() + " must hold keys, not " + field.value().kind());
        };
    }

    private static void refuseOthers(Mapping root, Set<String> known) {
        for (Field field : root.fields().values()) {
            if (!known.contains(field.name())) {
                throw new PolicyException(field.origin() + ": unknown key " + field.name()
                        + new NearestName(known).hint(field.name()));
            }
        }
    }
}
