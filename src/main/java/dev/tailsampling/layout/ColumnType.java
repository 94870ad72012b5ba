package dev.tailsampling.layout;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Type of a column, by Iceberg's names; parameters such as a length or the type of elements are left out. */
public enum ColumnType {
    BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, DATE, TIME,
    TIMESTAMP, TIMESTAMPTZ, TIMESTAMP_NS, TIMESTAMPTZ_NS,
    STRING, UUID, FIXED, BINARY, STRUCT, LIST, MAP,
    /** A type that this version does not know, such as variant. */
    OTHER;

    /** The name as Iceberg and mapping files spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that name, null if there is none. */
    public static @Nullable ColumnType ofWord(String word) {
        for (ColumnType type : values()) {
            if (type.word().equals(word)) {
                return type;
            }
        }
        return null;
    }

    /** Whether it is a point in time, which then has its own unit. */
    public boolean isTimestamp() {
        return switch (this) {
            case TIMESTAMP, TIMESTAMPTZ, TIMESTAMP_NS, TIMESTAMPTZ_NS -> true;
            default -> false;
        };
    }
}
