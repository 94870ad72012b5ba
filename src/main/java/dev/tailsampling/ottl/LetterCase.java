package dev.tailsampling.ottl;

/** Names in snake_case and CamelCase as the Collector's library makes them (iancoleman/strcase). */
final class LetterCase {

    private LetterCase() {}

    /** Lower case, words joined by underscores; digits are words of their own. */
    static String snake(String text) {
        String name = text.strip();
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (isSeparator(c)) {
                snake.append('_');
                continue;
            }
            char next = i + 1 < name.length() ? name.charAt(i + 1) : '_';
            boolean endsAcronym = isUpper(c) && isLower(next) && i > 0 && isUpper(name.charAt(i - 1));
            snake.append(endsAcronym ? "_" : "").append(isUpper(c) ? (char) (c + 'a' - 'A') : c);
            boolean endsWord = isLower(c) && (isUpper(next) || isDigit(next))
                    || isUpper(c) && isDigit(next)
                    || isDigit(c) && (isUpper(next) || isLower(next));
            snake.append(endsWord ? "_" : "");
        }
        return snake.toString();
    }

    /** Words joined, each with a capital first. */
    static String camel(String text) {
        StringBuilder camel = new StringBuilder();
        boolean startsWord = true;
        for (char c : text.strip().toCharArray()) {
            if (isSeparator(c)) {
                startsWord = true;
            } else if (isUpper(c) || isLower(c)) {
                camel.append(startsWord && isLower(c) ? (char) (c + 'A' - 'a') : c);
                startsWord = false;
            } else if (isDigit(c)) {
                camel.append(c);
                startsWord = true;
            } else {
                startsWord = false;
            }
        }
        return camel.toString();
    }

    private static boolean isSeparator(char c) {
        return c == '_' || c == ' ' || c == '-' || c == '.';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
