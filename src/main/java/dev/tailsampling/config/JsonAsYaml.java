package dev.tailsampling.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** JSON in the spelling in which YAML means the same: nearly all JSON is YAML, but for two kinds of characters. */
public final class JsonAsYaml {

    /** JSON may escape a slash, which YAML does not know. An even number of backslashes before it are their own. */
    private static final Pattern ESCAPED_SLASH = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\/");

    /** What may not stand in YAML as it is, or would be the end of a line there. Both know the escape. */
    private static final Pattern NOT_IN_YAML = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029\\ufffe\\uffff]");

    private JsonAsYaml() {}

    /** The same text, if it is JSON; each line stays in its place. */
    public static String of(String json) {
        return NOT_IN_YAML.matcher(ESCAPED_SLASH.matcher(json).replaceAll("$1/"))
                .replaceAll(match -> String.format(Locale.ROOT, "\\\\u%04x", (int) match.group().charAt(0)));
    }
}
