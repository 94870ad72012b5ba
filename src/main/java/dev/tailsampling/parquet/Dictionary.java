package dev.tailsampling.parquet;

/**
 * The distinct values of a column chunk; pages refer to them by ids from 0 to {@link #size()}, exclusive. Valid as long as the cursor it
 * is from. One more, at {@link #size()}, stands for null: 0 or empty.
 */
public final class Dictionary {

    private final Values values;
    private final int size;

    private Dictionary(Values values, int size) {
        this.values = values;
        this.size = size;
    }

    static Dictionary of(ChunkMeta chunk, byte[] plain, int end, int size) {
        Values values = new Values(Values.Kind.of(chunk.leaf()));
        PlainDecoder.decode(chunk, plain, 0, end, size, values);
        return new Dictionary(values, size);
    }

    /** How many values it has. */
    public int size() {
        return size;
    }

    /** As {@link ColumnPage#longAt}. */
    public long longAt(int id) {
        return values.longs[id];
    }

    /** As {@link ColumnPage#doubleAt}. */
    public double doubleAt(int id) {
        return values.doubles[id];
    }

    /** The array in which all its values of bytes stand, not to be changed. */
    public byte[] bytes() {
        return values.bytes;
    }

    /** Where a value of bytes begins. */
    public int offsetOf(int id) {
        return values.offsets[id];
    }

    /** How many bytes it has. */
    public int lengthOf(int id) {
        return values.lengths[id];
    }

    Values values() {
        return values;
    }
}
