package dev.tailsampling.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds secrets in what is about to be shown. In doubt it hides too much. Thread-safe. */
public final class SecretMask {

    /** What stands in a secret's place. */
    public static final String HIDDEN = "***";

    private static final Pattern SECRET_NAME = Pattern.compile(
            "secret|passw|token|credential|authorization|(api|application|access|private|account)[-_.]?key",
            Pattern.CASE_INSENSITIVE);
    // Up to the last @, since a password may hold one that nobody escaped.
    private static final Pattern USER_INFO = Pattern.compile("://([^/?#@:]*):.*@");
    private static final Pattern PARAMETER = Pattern.compile("([?&;])([^=&;#]+)=([^&;#]*)");

    // In prose there may be more than one URL, and none of them has a space in it. What follows is bounded everywhere, as
    // lines of any length are logged.
    private static final Pattern USER_INFO_IN_TEXT = Pattern.compile("://([^/?#@:\\s]{0,200}):\\S{0,500}@");
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?<name>(?:secret|passw|token|credential|(?:api|application|access|private|account)[-_.]?key)"
                    + "[\\w.-]{0,40})(?<between>\"?=|\":\\s{0,8})(?<value>\"[^\"]*+\"|'[^']*+'|[^\\s,;&\"']++)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "(?<name>authorization\"?\\s{0,8}[:=]\\s{0,8}\"?(?:(?:bearer|basic)\\s{1,8})?|(?:bearer|basic)\\s{1,8}(?=\\S{16}))"
                    + "[\\w.~+/=:-]++",
            Pattern.CASE_INSENSITIVE);

    private SecretMask() {}

    /** Whether a property of this name holds a secret. */
    static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    /** A sentence or more, with passwords in URLs, assignments to secret names and authorizations hidden. */
    public static String inText(String text) {
        String withoutPassword = USER_INFO_IN_TEXT.matcher(text).replaceAll("://$1:" + HIDDEN + "@");
        String withoutValues = ASSIGNMENT.matcher(withoutPassword).replaceAll("${name}${between}" + HIDDEN);
        return AUTHORIZATION.matcher(withoutValues).replaceAll("${name}" + HIDDEN);
    }

    /** What {@link #shown} hides. */
    static List<String> secretsIn(String text) {
        List<String> secrets = new ArrayList<>();
        Matcher userInfo = USER_INFO.matcher(text);
        if (userInfo.find()) {
            secrets.add(text.substring(userInfo.end(1) + 1, userInfo.end() - 1));
        }
        PARAMETER.matcher(text).results().filter(parameter -> isSecretName(parameter.group(2)))
                .forEach(parameter -> secrets.add(parameter.group(3)));
        return secrets;
    }

    /** The text with a URL's password and its secret parameters hidden. */
    static String shown(String text) {
        String withoutPassword = USER_INFO.matcher(text).replaceAll("://$1:" + HIDDEN + "@");
        return PARAMETER.matcher(withoutPassword).replaceAll(parameter -> isSecretName(parameter.group(2))
                ? "$1$2=" + HIDDEN
                : "$0");
    }
}
