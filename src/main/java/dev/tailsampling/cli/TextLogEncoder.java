package dev.tailsampling.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines for people. Secrets are hidden, and control characters escaped, so that no message makes further lines or
 * colours. Thread-safe.
 */
public final class TextLogEncoder extends EncoderBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final LogMask mask;

    /** Hides what looks like a secret; made by Logback. */
    public TextLogEncoder() {
        this(LogMask.PATTERNS);
    }

    TextLogEncoder(LogMask mask) {
        this.mask = mask;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        TIME.formatTo(event.getInstant(), line);
        String logger = event.getLoggerName();
        line.append(' ').append(String.format(Locale.ROOT, "%-5s", event.getLevel())).append(' ')
                .append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ")
                .append(shown(String.valueOf(event.getFormattedMessage())));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> append(line, pair));
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(StackText.of(event.getThrowableProxy(), this::shown));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void append(StringBuilder line, KeyValuePair pair) {
        line.append(' ').append(escaped(pair.key)).append('=');
        if (pair.value instanceof Number || pair.value instanceof Boolean) {
            line.append(pair.value);
        } else {
            line.append('"').append(shown(String.valueOf(pair.value)).replace("\"", "\\\"")).append('"');
        }
    }

    private String shown(String text) {
        return escaped(mask.shown(text));
    }

    /** Line breaks and other control characters as Java writes them. */
    private static String escaped(String text) {
        if (text.codePoints().noneMatch(TextLogEncoder::isControl)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 10);
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isControl(character)) {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", character));
                    } else {
                        escaped.appendCodePoint(character);
                    }
                }
            }
        });
        return escaped.toString();
    }

    private static boolean isControl(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT -> true;
            default -> false;
        };
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
