package dev.tailsampling.parquet;

import org.apache.parquet.column.Encoding;

/** The numbers of encodings in page headers. Source: {@code Encoding} in parquet.thrift. */
final class Encodings {

    static final int PLAIN = 0;
    static final int PLAIN_DICTIONARY = 2;
    static final int RLE = 3;
    static final int BIT_PACKED = 4;
    static final int DELTA_BINARY_PACKED = 5;
    static final int DELTA_LENGTH_BYTE_ARRAY = 6;
    static final int DELTA_BYTE_ARRAY = 7;
    static final int RLE_DICTIONARY = 8;
    static final int BYTE_STREAM_SPLIT = 9;

    private Encodings() {}

    static boolean isDictionary(int encoding) {
        return encoding == PLAIN_DICTIONARY || encoding == RLE_DICTIONARY;
    }

    /** The encoding whose values parquet-java decodes for us. */
    static Encoding ofLibrary(int encoding, Place place) {
        return switch (encoding) {
            case DELTA_BINARY_PACKED -> Encoding.DELTA_BINARY_PACKED;
            case DELTA_LENGTH_BYTE_ARRAY -> Encoding.DELTA_LENGTH_BYTE_ARRAY;
            case DELTA_BYTE_ARRAY -> Encoding.DELTA_BYTE_ARRAY;
            case BYTE_STREAM_SPLIT -> Encoding.BYTE_STREAM_SPLIT;
            default -> throw place.corrupt("a page's values have encoding " + encoding
                    + ", which is unknown or does not fit the column's type");
        };
    }
}
