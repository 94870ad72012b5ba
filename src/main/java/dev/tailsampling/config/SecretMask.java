package dev.tailsampling.config;

import java.util.regex.Pattern;

/** Finds secrets in what is about to be shown. In doubt it hides too much. */
final class SecretMask {

    static final String HIDDEN = "***";

    private static final Pattern SECRET_NAME = Pattern.compile(
            "secret|passw|token|credential|authorization|(api|application|access|private|account)[-_.]?key",
            Pattern.CASE_INSENSITIVE);
    // Up to the last @, since a password may hold one that nobody escaped.
    private static final Pattern USER_INFO = Pattern.compile("://([^/?#@:]*):.*@");
    private static final Pattern PARAMETER = Pattern.compile("([?&;])([^=&;#]+)=([^&;#]*)");

    private SecretMask() {}

    /** Whether a property of this name holds a secret. */
    static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    /** The text with a URL's password and its secret parameters hidden. */
    static String shown(String text) {
        String withoutPassword = USER_INFO.matcher(text).replaceAll("://$1:" + HIDDEN + "@");
        return PARAMETER.matcher(withoutPassword).replaceAll(parameter -> isSecretName(parameter.group(2))
                ? "$1$2=" + HIDDEN
                : "$0");
    }
}
