package dev.tailsampling.config;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.TableLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The layouts of {@code catalog/}, and those of users' own. */
public final class TableLayouts {

    /** In the order in which they are tried: those that more columns tell come before those that fewer do. */
    static final List<String> NAMES = List.of("automq-raw", "automq-string", "otlp-nested", "otlp-nested-value",
            "automq-schemaless", "automq-schemaless-1.5", "redpanda", "otlp2parquet",
            "otlp2parquet-pascal", "clickhouse", "rotel",
            "iceberg-exporter", "icegate");

    private static final String AUTO = "auto";

    private TableLayouts() {}

    /** The layouts of {@code catalog/}, in the order in which they are tried. */
    public static List<TableLayout> builtIn() {
        return NAMES.stream().map(TableLayouts::builtIn).toList();
    }

    /**
     * What the key {@code storage.iceberg.layout} says.
     *
     * @param setting {@code auto}, a name, or the path of a file
     * @throws ConfigException if it is neither, or the file cannot be read or is not understood
     */
    public static LayoutChoice choice(String setting) {
        if (setting.equals(AUTO)) {
            return new LayoutChoice.Detected(builtIn());
        }
        if (NAMES.contains(setting)) {
            return new LayoutChoice.Given(builtIn(setting));
        }
        if (!setting.endsWith(".yaml") && !setting.endsWith(".yml")) {
            throw new ConfigException("storage.iceberg.layout must be " + AUTO + ", one of " + String.join(", ", NAMES)
                    + ", or the path of a mapping file that ends in .yaml, not \"" + setting + "\""
                    + new NearestName(NAMES).hint(setting));
        }
        return new LayoutChoice.Given(LayoutParser.parse(name(setting), text(setting), setting));
    }

    private static String text(String setting) {
        try {
            return TextFile.read(Path.of(setting));
        } catch (InvalidPathException e) {
            throw new ConfigException("storage.iceberg.layout must be a path: " + e.getReason(), e);
        }
    }

    private static String name(String path) {
        String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return file.substring(0, file.lastIndexOf('.'));
    }

    private static TableLayout builtIn(String name) {
        String file = "/catalog/" + name + ".yaml";
        try (InputStream text = Objects.requireNonNull(TableLayouts.class.getResourceAsStream(file), file)) {
            return LayoutParser.parse(name, new String(text.readAllBytes(), StandardCharsets.UTF_8), file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file + " out of the program failed", e);
        }
    }
}
