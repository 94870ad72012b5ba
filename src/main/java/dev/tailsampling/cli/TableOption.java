package dev.tailsampling.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --table NS.NAME}, by default the configured one. */
final class TableOption {

    /** Topics are named by letters, digits, dots, dashes and underscores; so are the tables made of them. */
    private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)+");

    @Option(names = "--table", paramLabel = "NS.NAME",
            description = "The table of spans; by default storage.iceberg.namespace and table_name.")
    private @Nullable String table;

    /**
     * The table's name as "namespace.table".
     *
     * @throws UsageException if it has no namespace
     */
    String name(Main main) {
        String name = table == null
                ? main.config().storage().iceberg().namespace() + "." + main.config().storage().iceberg().tableName()
                : table;
        return checked(name);
    }

    /** Whether a table of this name can be given on a command line. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The name, if it has a namespace. */
    static String checked(String name) {
        if (!isName(name)) {
            throw new UsageException("--table needs a namespace and a name, like default.otel-traces-raw: " + name);
        }
        return name;
    }
}
