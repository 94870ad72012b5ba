package dev.tailsampling.parquet;

import org.jspecify.annotations.Nullable;

/**
 * Decoded rows of a column: usually those of one page. Valid until its cursor moves to another page; all arrays belong to the cursor, are
 * reused, may be longer than the page and must not be changed. In a flat column the entries are the rows; in a nested one a row has the
 * entries {@link #entryStart entryStart(row)} to {@code entryStart(row + 1)}, exclusive. An entry that is null has the value 0, or no
 * bytes. Indices are not checked. Not thread-safe.
 */
public final class ColumnPage {

    private final int maxDefinitionLevel;
    final Levels definitions = new Levels();
    final Levels repetitions = new Levels();
    final Values values;
    private int[] rowStarts = {};
    /** False if every entry begins a row, which then needs no array. */
    private boolean rowsHaveStarts;
    private int rows;
    private int entries;
    private boolean nulls;
    int[] ids = {};
    /** Of this page; null if its values are in {@link #values}. */
    private @Nullable Dictionary dictionary;
    /** Where the accessors look: the values of the dictionary, by id, or those of this page, by entry. */
    private Values source;
    private boolean byId;
    private boolean gathered;

    ColumnPage(Leaf leaf) {
        maxDefinitionLevel = leaf.maxDefinitionLevel();
        values = new Values(Values.Kind.of(leaf));
        source = values;
    }

    /** Rows of this page. */
    public int rowCount() {
        return rows;
    }

    /** Entries of this page, nulls included. */
    public int entryCount() {
        return entries;
    }

    /** The first entry of a row, or for {@code row == rowCount()} the end of the last one. */
    public int entryStart(int row) {
        return rowsHaveStarts ? rowStarts[row] : row;
    }

    /** The schema's maximum if the entry is not null. */
    public int definitionLevel(int entry) {
        return definitions.at(entry);
    }

    /** 0 if the entry begins a row. */
    public int repetitionLevel(int entry) {
        return repetitions.at(entry);
    }

    /** True also where a field around the value is null, or a list around it empty; the definition level tells which. */
    public boolean isNull(int entry) {
        return nulls && definitions.at(entry) != maxDefinitionLevel;
    }

    /** False if no entry is null. */
    public boolean mayHaveNulls() {
        return nulls;
    }

    /** A value of INT32 (sign extended), INT64, BOOLEAN (0 or 1), or INT96 as nanoseconds since the epoch, clamped to 64 bits. */
    public long longAt(int entry) {
        return source.longs[byId ? ids[entry] : entry];
    }

    /** A value of FLOAT or DOUBLE. */
    public double doubleAt(int entry) {
        return source.doubles[byId ? ids[entry] : entry];
    }

    /** The array in which a value of BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY stands; the same for all entries of the page. */
    public byte[] bytesOf(int entry) {
        return source.bytes;
    }

    /** Where in {@link #bytesOf} the value begins. */
    public int offsetOf(int entry) {
        return source.offsets[byId ? ids[entry] : entry];
    }

    /** How many bytes the value has. */
    public int lengthOf(int entry) {
        return source.lengths[byId ? ids[entry] : entry];
    }

    /** The value's id in {@link #dictionary()}; -1 if it is null or the page has no dictionary. */
    public int dictionaryIdOf(int entry) {
        return !byId || isNull(entry) ? -1 : ids[entry];
    }

    /** The dictionary to which this page's ids refer; null if the page holds its values itself. */
    public @Nullable Dictionary dictionary() {
        return dictionary;
    }

    /** For hot loops, if {@link #dictionary()} is not null: the id of each entry, {@code dictionary().size()} for a null one. */
    public int[] dictionaryIds() {
        return ids;
    }

    /** For hot loops: {@link #longAt} of each entry. */
    public long[] longs() {
        return gathered().longs;
    }

    /** For hot loops: {@link #doubleAt} of each entry. */
    public double[] doubles() {
        return gathered().doubles;
    }

    /** For hot loops: the array of {@link #bytesOf}. */
    public byte[] bytes() {
        return source.bytes;
    }

    /** For hot loops: {@link #offsetOf} of each entry. */
    public int[] offsets() {
        return gathered().offsets;
    }

    /** For hot loops: {@link #lengthOf} of each entry. */
    public int[] lengths() {
        return gathered().lengths;
    }

    /** The values by entry, also if the page has ids. */
    Values gathered() {
        if (byId && !gathered) {
            values.gather(source, ids, entries);
            gathered = true;
        }
        return values;
    }

    /** Takes over how many entries there are and where rows begin; the levels are here already. */
    void setEntries(int count) {
        entries = count;
        nulls = definitions.count(count, maxDefinitionLevel) < count;
        rowsHaveStarts = !(repetitions.isUniform() && repetitions.at(0) == 0);
        rows = rowsHaveStarts ? startRows(count) : count;
    }

    private int startRows(int count) {
        if (rowStarts.length < count + 1) {
            rowStarts = new int[count + 1];
        }
        int started = repetitions.isUniform() ? 0 : repetitions.rowStarts(count, rowStarts);
        rowStarts[started] = count;
        return started;
    }

    /** True if its first entry goes on with the row of the page before. */
    boolean continuesRow() {
        return entries > 0 && repetitions.at(0) > 0;
    }

    /** Leaves its last row to another page. */
    void dropLastRow() {
        rows--;
        entries = entryStart(rows);
    }

    /** The values are here, by entry. */
    void setPlain() {
        dictionary = null;
        source = values;
        byId = false;
    }

    /** The ids are here, by entry. */
    void setIds(Dictionary of) {
        dictionary = of;
        source = of.values();
        byId = true;
        gathered = false;
    }
}
