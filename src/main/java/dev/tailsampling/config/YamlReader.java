package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Form;
import dev.tailsampling.config.YamlNode.Mapping;
import java.io.StringReader;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one YAML document as nodes with their places. Aliases and merge keys are resolved; a key that appears twice, a
 * tag outside YAML's own, and a value that contains itself are refused.
 */
final class YamlReader {

    /** A policy set with many force rules is kept in one text. */
    private static final int MAX_CODE_POINTS = 256 << 20;

    private final String file;
    // Aliases lead to the same node again, so each node is converted once however often it is used.
    private final Map<Node, YamlNode> converted = new IdentityHashMap<>();
    private final Set<Node> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

    private YamlReader(String file) {
        this.file = file;
    }

    /**
     * The map that the text is; an empty text is an empty map.
     *
     * @param file name of the text, for messages
     * @throws YamlException if the text is not YAML, or another thing than a map; says where
     */
    static Mapping read(String text, String file) {
        YamlReader reader = new YamlReader(file);
        Node root = reader.compose(text);
        YamlNode node = root == null ? null : reader.convert(root);
        if (node instanceof Mapping mapping) {
            return mapping;
        }
        if (node == null || node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return new Mapping(Origin.inFile(file, 1, 1), Map.of());
        }
        throw new YamlException(node.origin(), "expected keys with values, found " + node.kind());
    }

    private @Nullable Node compose(String text) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MAX_CODE_POINTS);
            return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new YamlException(mark == null ? new Origin(file) : origin(mark),
                    "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new YamlException(new Origin(file), "not valid YAML: " + firstLine(e));
        }
    }

    /** Only this line: the others would quote the file, secrets included. */
    private static String firstLine(YAMLException e) {
        String message = e.getMessage();
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }

    private YamlNode convert(Node node) {
        YamlNode known = converted.get(node);
        if (known != null) {
            return known;
        }
        if (!underWay.add(node)) {
            throw new YamlException(origin(node), "a value must not contain itself");
        }
        refuseForeignTag(node);
        YamlNode result = switch (node) {
            case ScalarNode scalar -> new YamlNode.Scalar(origin(node), scalar.getValue(),
                    scalar.getScalarStyle() == ScalarStyle.PLAIN ? Form.PLAIN : Form.QUOTED);
            case SequenceNode sequence -> new YamlNode.Sequence(origin(node), items(sequence));
            case MappingNode mapping -> new Mapping(origin(node), fields(mapping));
            default -> throw new YamlException(origin(node), "unexpected kind of YAML node");
        };
        converted.put(node, result);
        return result;
    }

    private void refuseForeignTag(Node node) {
        if (!node.getTag().startsWith(Tag.PREFIX)) {
            throw new YamlException(origin(node), "unknown tag " + node.getTag().getValue());
        }
    }

    private List<YamlNode> items(SequenceNode sequence) {
        return sequence.getValue().stream().map(this::convert).toList();
    }

    private Map<String, Field> fields(MappingNode mapping) {
        Map<String, Field> own = new LinkedHashMap<>();
        Map<String, Field> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (Tag.MERGE.equals(tuple.getKeyNode().getTag())) {
                merge(convert(tuple.getValueNode()), merged);
            } else {
                add(field(tuple), own);
            }
        }
        // A key written out wins over a merged one.
        merged.forEach(own::putIfAbsent);
        return Collections.unmodifiableMap(own);
    }

    private Field field(NodeTuple tuple) {
        Node key = tuple.getKeyNode();
        if (!(key instanceof ScalarNode name)) {
            throw new YamlException(origin(key), "a key must be a single word or text");
        }
        return new Field(origin(key), name.getValue(), convert(tuple.getValueNode()));
    }

    private static void add(Field field, Map<String, Field> fields) {
        Field first = fields.putIfAbsent(field.name(), field);
        if (first != null) {
            throw new YamlException(field.origin(),
                    "the key " + field.name() + " was given before, at " + first.origin());
        }
    }

    /** Of several maps in a merge, the first that has a key wins. */
    private static void merge(YamlNode value, Map<String, Field> merged) {
        switch (value) {
            case Mapping mapping -> mapping.fields().forEach(merged::putIfAbsent);
            case YamlNode.Sequence sequence -> sequence.items().forEach(item -> merge(item, merged));
            case YamlNode.Scalar scalar -> throw new YamlException(scalar.origin(), "<< needs a map to merge");
        }
    }

    private Origin origin(Node node) {
        return origin(node.getStartMark());
    }

    private Origin origin(Mark mark) {
        return Origin.inFile(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
