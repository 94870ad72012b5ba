package dev.tailsampling.selector;

/**
 * What a source has read since it was made, for folding, for reading again and for fetching together.
 *
 * @param bytesFromStorage bytes asked of the disk or the object store
 * @param bytesDecompressed size of the pages that were decompressed, afterwards
 * @param bytesCommitted size that all the columns of the newly read files have when decompressed; what was decompressed
 *     divided by it is the read amplification
 * @param pagesSkipped pages that could be left compressed, as no wanted row or value was in them
 * @param chunksByLibrary column chunks in an encoding or codec that only the general library reads, slowly
 */
public record ReadStats(long bytesFromStorage, long bytesDecompressed, long bytesCommitted, long pagesSkipped,
        long chunksByLibrary) {

    /** Nothing read, or nothing counted. */
    public static final ReadStats NONE = new ReadStats(0, 0, 0, 0, 0);

    /** What was read since those were taken. */
    ReadStats since(ReadStats earlier) {
        return new ReadStats(bytesFromStorage - earlier.bytesFromStorage, bytesDecompressed - earlier.bytesDecompressed,
                bytesCommitted - earlier.bytesCommitted, pagesSkipped - earlier.pagesSkipped,
                chunksByLibrary - earlier.chunksByLibrary);
    }
}
