package dev.tailsampling.cli;

import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.lake.TablePattern;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** {@code --table NS.NAME}, as often as there are tables; by default the configured ones. */
final class TablesOption {

    private static final Pattern NAME = Pattern.compile("[\\w*?-]+(\\.[\\w*?-]+)+|\\*");

    @Option(names = "--table", paramLabel = "NS.NAME", description = {
            "A table of spans, or a pattern with * and ?; may be given several times.",
            "By default storage.iceberg.tables, else storage.iceberg.namespace and table_name."})
    private List<String> tables = List.of();

    /**
     * The tables that are meant.
     *
     * @throws UsageException if a name has no namespace
     */
    SampledTables sampled(Main main) {
        IcebergConfig iceberg = main.config().storage().iceberg();
        List<String> configured = iceberg.tables().isEmpty()
                ? List.of(iceberg.namespace() + "." + iceberg.tableName())
                : iceberg.tables();
        return new SampledTables((tables.isEmpty() ? configured : tables).stream().map(TablesOption::pattern).toList());
    }

    /** The same beside a topic that is sampled: none unless some are named, and not the one that has the topic's spans. */
    SampledTables sampledBeside(TopicPlan topic, Main main) {
        List<String> named = tables.isEmpty() ? main.config().storage().iceberg().tables() : tables;
        return new SampledTables(named.stream().map(TablesOption::pattern).toList(),
                topic.table().map(Set::of).orElse(Set.of()));
    }

    private static TablePattern pattern(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new UsageException("a table needs a namespace and a name, like default.otel-traces-raw, or a pattern "
                    + "of them, like default.otel-*: " + text);
        }
        return TablePattern.of(text);
    }
}
