package dev.tailsampling.parquet;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.jspecify.annotations.Nullable;

/** Some rows of a file, stored column by column. Immutable, but its cursors share the file's {@link ReadCounters}. */
public final class RowGroup {

    private final FileBytes file;
    private final ReadCounters counters;
    private final Place filePlace;
    private final @Nullable String createdBy;
    private final int index;
    private final long rowCount;
    private final Map<ColumnPath, ColumnChunkMetaData> chunks = new HashMap<>();

    RowGroup(FileBytes file, ReadCounters counters, Place filePlace, @Nullable String createdBy, int index,
            BlockMetaData block) {
        this.file = file;
        this.counters = counters;
        this.filePlace = filePlace;
        this.createdBy = createdBy;
        this.index = index;
        this.rowCount = block.getRowCount();
        filePlace.require(rowCount >= 0, "row group " + index + " has " + rowCount + " rows");
        block.getColumns().forEach(chunk -> chunks.put(chunk.getPath(), chunk));
    }

    /** Its place in the file, from 0. */
    public int index() {
        return index;
    }

    /** How many rows it has. */
    public long rowCount() {
        return rowCount;
    }

    /** Size of all its columns when decompressed, in bytes, as the footer says. */
    public long uncompressedBytes() {
        return chunks.values().stream().mapToLong(ColumnChunkMetaData::getTotalUncompressedSize).sum();
    }

    /** False if the row group lacks this column, which no sound file does. */
    public boolean has(Leaf leaf) {
        return chunk(leaf) != null;
    }

    /**
     * Reads a column from the first row on.
     *
     * @throws CorruptFileException if the column is not there, encrypted, or its description contradicts itself
     */
    public ColumnCursor cursor(Leaf leaf) {
        return new ColumnCursor(file, meta(leaf), counters);
    }

    /**
     * Where columns stand, dictionaries included, in the given order: for whoever wants to fetch them before they are asked for.
     *
     * @throws CorruptFileException as {@link #cursor}
     */
    public List<ByteRange> ranges(Collection<Leaf> leaves) {
        return leaves.stream().map(leaf -> meta(leaf).range()).toList();
    }

    /** What the footer says about a column's values; null if it says nothing. */
    public @Nullable ChunkStatistics statistics(Leaf leaf) {
        return ChunkStatistics.of(leaf, meta(leaf).footer().getStatistics());
    }

    private @Nullable ColumnChunkMetaData chunk(Leaf leaf) {
        return chunks.get(ColumnPath.get(leaf.descriptor().getPath()));
    }

    private ChunkMeta meta(Leaf leaf) {
        Place place = filePlace.chunk(index, leaf.toString());
        ColumnChunkMetaData chunk = chunk(leaf);
        if (chunk == null) {
            throw place.corrupt("the row group does not have the column");
        }
        return ChunkMeta.of(leaf, place, rowCount, file.length(), chunk, createdBy);
    }
}
