package dev.tailsampling.lake;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.ParquetUtil;

/**
 * Makes a table of Parquet files that no Iceberg writer wrote: with the columns of another table, and a name mapping for
 * files whose columns have no field ids. Each file is a commit.
 */
public final class ForeignTable {

    private ForeignTable() {}

    /** {@code ForeignTable HOME SOURCE_TABLE NEW_TABLE FILE…}, in the embedded catalog of that home folder. */
    public static void main(String[] arguments) {
        try (LakeCatalog catalog = LakeCatalog.open(CatalogSettings.embedded(Path.of(arguments[0])))) {
            Table source = catalog.find(TableName.of(arguments[1])).orElseThrow();
            register(catalog, source, arguments[2], Arrays.asList(arguments).subList(3, arguments.length));
        }
    }

    /** The new table, with the files in that order. */
    static Table register(LakeCatalog catalog, Table source, String name, List<String> files) {
        NameMapping mapping = MappingUtil.create(source.schema());
        Table table = catalog.findOrCreate(TableName.of(name), source.schema(), PartitionSpec.unpartitioned(),
                Map.of(TableProperties.DEFAULT_NAME_MAPPING, NameMappingParser.toJson(mapping)));
        for (String file : files) {
            table.newAppend().appendFile(dataFile(table, file, mapping)).commit();
        }
        return table;
    }

    private static DataFile dataFile(Table table, String file, NameMapping mapping) {
        InputFile input = table.io().newInputFile(file);
        Metrics metrics = ParquetUtil.fileMetrics(input, MetricsConfig.forTable(table), mapping);
        return DataFiles.builder(table.spec()).withInputFile(input).withFormat(FileFormat.PARQUET).withMetrics(metrics)
                .build();
    }
}
