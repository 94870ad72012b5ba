package dev.tailsampling.parquet;

import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/**
 * What the footer says of a column chunk, after its numbers were held against the file's size.
 *
 * @param rows of the row group
 * @param entries values of the chunk, nulls included
 * @param createdBy the program that wrote the file
 */
record ChunkMeta(Leaf leaf, Place place, ByteRange range, long rows, long entries, ColumnChunkMetaData footer,
        @Nullable String createdBy) {

    static ChunkMeta of(Leaf leaf, Place place, long rows, long fileLength, ColumnChunkMetaData footer,
            @Nullable String createdBy) {
        place.require(!footer.isEncrypted(), "the column is encrypted, which is not supported");
        ByteRange range = new ByteRange(footer.getStartingPos(), footer.getTotalSize());
        place.require(range.position() >= 0 && range.length() >= 0 && range.position() <= fileLength - range.length(),
                "the footer places the column outside of the file");
        place.require(leaf.physicalType() == footer.getType(), "the column's type is not that of the schema");
        place.require(footer.getValueCount() >= 0 && footer.getTotalUncompressedSize() >= 0,
                "the footer gives a negative size");
        place.require(!leaf.isFlat() || footer.getValueCount() == rows,
                "the footer counts " + footer.getValueCount() + " values for " + rows + " rows");
        return new ChunkMeta(leaf, place, range, rows, footer.getValueCount(), footer, createdBy);
    }
}
