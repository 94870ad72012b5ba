package dev.tailsampling.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.ForceRule.Action;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.selector.ForceRuleText;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.Threshold;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Force rules as JSON. A request has {@code description}, {@code duration_secs}, {@code priority}, {@code match},
 * {@code action} and, to keep a share only, {@code sampling_percentage}; a rule has {@code id}, {@code created_at},
 * {@code expires_at} and {@code enabled} in place of the duration. Stateless.
 */
public final class ForceRuleJson implements ForceRuleText {

    /** Longest request. */
    public static final int MAX_LENGTH = 32_768;

    /** The highest character that is ASCII and printable: the rest is escaped, and means the same in YAML. */
    private static final int LAST_PLAIN = 126;

    private static final JsonFactory FACTORY = new JsonFactory();

    /**
     * Reads what somebody asks for; YAML will do, too.
     *
     * @param name of the text, for messages
     * @throws PolicyException if it cannot be used; one sentence with the place, the field and the remedy
     */
    public static ForceRuleRequest request(String name, String text) {
        if (text.length() > MAX_LENGTH) {
            throw new PolicyException(name + ": a force rule may have at most " + MAX_LENGTH
                    + " characters, this one has " + text.length());
        }
        return parser(name, text).request();
    }

    /**
     * Reads what somebody asks for from a file.
     *
     * @throws ConfigException if it cannot be read or used
     */
    public static ForceRuleRequest request(Path file) {
        return request(file.toString(), TextFile.read(file));
    }

    private static ForceRuleParser parser(String name, String text) {
        String yaml = text.stripLeading().startsWith("{") ? JsonAsYaml.of(text) : text;
        try {
            return new ForceRuleParser(YamlReader.read(yaml, name));
        } catch (YamlException e) {
            throw new PolicyException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public ForceRule read(String text) {
        return parser("stored force rule", text).rule();
    }

    @Override
    public String write(ForceRule rule) {
        return text(json -> write(json, rule));
    }

    /** Writes a JSON document. */
    interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    /** In one line and in characters that YAML reads as they are. */
    static String text(Document document) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text).setHighestNonEscapedChar(LAST_PLAIN)) {
            document.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void write(JsonGenerator json, ForceRule rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", rule.id());
        json.writeStringField("description", rule.description());
        json.writeNumberField("priority", rule.priority());
        write(json, rule.match());
        switch (rule.action()) {
            case Action.ForceDrop ignored -> json.writeStringField("action", ForceRuleParser.DROP);
            case Action.ForceKeep keep -> {
                json.writeStringField("action", ForceRuleParser.KEEP);
                if (!keep.rate().equals(Threshold.ALWAYS)) {
                    json.writeNumberField("sampling_percentage", percentage(keep.rate()));
                }
            }
        }
        json.writeStringField("created_at", rule.createdAt().toString());
        json.writeStringField("expires_at", rule.expiresAt().toString());
        json.writeBooleanField("enabled", rule.enabled());
        json.writeEndObject();
    }

    /** The shortest number that is read as this rate. */
    private static BigDecimal percentage(Threshold rate) {
        BigDecimal exact = new BigDecimal(rate.probability()).movePointRight(2);
        BigDecimal shortest = IntStream.rangeClosed(1, exact.precision())
                .mapToObj(digits -> exact.round(new MathContext(digits)))
                .filter(rounded -> ForceRuleParser.rate(rounded).equals(rate)).findFirst().orElse(exact);
        return new BigDecimal(shortest.toPlainString());
    }

    private static void write(JsonGenerator json, SpanMatch match) throws IOException {
        json.writeObjectFieldStart("match");
        write(json, "resource", match.resource());
        write(json, "scope", match.scope());
        write(json, "span", match.span());
        write(json, "any", match.any());
        write(json, "event", match.event());
        write(json, "link", match.link());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String group, List<Matcher> matchers) throws IOException {
        if (matchers.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(group);
        for (Matcher matcher : matchers) {
            json.writeStartObject();
            json.writeStringField("key", matcher.key());
            json.writeStringField("op", matcher.operator().label());
            switch (matcher.operator()) {
                case EXISTS, NOT_EXISTS -> {
                }
                case IN, NOT_IN -> {
                    json.writeArrayFieldStart("values");
                    for (AttributeValue value : matcher.values()) {
                        write(json, value);
                    }
                    json.writeEndArray();
                }
                case EQ, NEQ, NEQ_OR_ABSENT, CONTAINS, STARTS_WITH, ENDS_WITH, REGEX, GT, GTE, LT, LTE -> {
                    json.writeFieldName("value");
                    write(json, matcher.values().getFirst());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, AttributeValue value) throws IOException {
        switch (value) {
            case AttributeValue.StringValue text -> json.writeString(text.value());
            case AttributeValue.LongValue number -> json.writeNumber(number.value());
            case AttributeValue.DoubleValue number -> json.writeNumber(new BigDecimal(Double.toString(number.value())));
            case AttributeValue.BoolValue bool -> json.writeBoolean(bool.value());
            default -> throw new IllegalArgumentException("matchers compare with texts, numbers and truth values");
        }
    }
}
