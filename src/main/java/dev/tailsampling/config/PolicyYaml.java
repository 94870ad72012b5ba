package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Form;
import dev.tailsampling.config.YamlNode.Scalar;
import java.math.BigDecimal;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** A tree of plain values as YAML that {@link YamlReader} reads as the same values; what has no parts is on one line. */
final class PolicyYaml {

    private static final int WIDTH = 160;

    private PolicyYaml() {}

    static String text(Map<String, Object> tree) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
        options.setWidth(WIDTH);
        options.setSplitLines(false);
        return new Yaml(new Values(options), options).dump(tree);
    }

    /** Quotes texts that would be read as something else, and writes decimals without exponents. */
    private static final class Values extends Representer {
        Values(DumperOptions options) {
            super(options);
            representers.put(String.class, value -> representScalar(Tag.STR, value.toString(),
                    isAmbiguous(value.toString()) ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN));
            representers.put(BigDecimal.class,
                    number -> representScalar(Tag.FLOAT, ((BigDecimal) number).toPlainString()));
        }

        private static boolean isAmbiguous(String text) {
            Scalar plain = new Scalar(new Origin(""), text, Form.PLAIN);
            return plain.isNull() || plain.isBoolean() || plain.isNumber() || text.chars().anyMatch(c -> c < ' ');
        }
    }
}
