package dev.tailsampling.datadog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Redis commands without keys and values: the names of the first three, as an Agent shows them
 * (datadog-agent, {@code pkg/obfuscate/redis.go}).
 */
final class RedisCommands {

    private static final int MAX_COMMANDS = 3;
    private static final String CUT = "...";
    private static final Set<String> OF_TWO_WORDS = Set.of("CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DEBUG", "SCRIPT");

    private RedisCommands() {}

    /** The commands of a text with one command on a line; empty if it has none. */
    static String of(String query) {
        List<String> commands = new ArrayList<>();
        boolean cut = false;
        for (String line : query.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()) {
            if (commands.size() == MAX_COMMANDS) {
                break;
            }
            String command = command(line);
            cut = command.isEmpty();
            if (!cut) {
                commands.add(command);
            }
        }
        if (cut || commands.size() == MAX_COMMANDS) {
            commands.add(CUT);
        }
        return String.join(" ", commands);
    }

    /** The name of a command; empty if a tracer has cut the text inside it. */
    private static String command(String line) {
        String[] words = line.split("\\s+", 3);
        String first = words[0].toUpperCase(Locale.ROOT);
        String name = words.length > 1 && OF_TWO_WORDS.contains(first)
                ? first + " " + words[1].toUpperCase(Locale.ROOT)
                : first;
        return name.endsWith(CUT) ? "" : name;
    }
}
