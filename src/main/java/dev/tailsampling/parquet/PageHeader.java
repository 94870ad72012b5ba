package dev.tailsampling.parquet;

/** The header of a page, as the file claims it; reused from page to page. Source: {@code PageHeader} in parquet.thrift. */
final class PageHeader {

    static final int DATA_PAGE = 0;
    static final int DICTIONARY_PAGE = 2;
    static final int DATA_PAGE_V2 = 3;

    int type;
    int uncompressedSize;
    int compressedSize;
    boolean hasCrc;
    int crc;
    /** Entries of a data page, nulls included; values of a dictionary. */
    int values;
    int encoding;
    int definitionEncoding;
    int repetitionEncoding;
    /** Version 2 only, as the four below. */
    int rows;
    int definitionBytes;
    int repetitionBytes;
    boolean compressed;

    /** Reads a header; what is missing afterwards is negative. */
    void read(CompactReader in) {
        type = -1;
        uncompressedSize = -1;
        compressedSize = -1;
        hasCrc = false;
        resetDetail();
        int id = 0;
        for (int field = in.field(id); field != CompactReader.STOP; field = in.field(id)) {
            id = in.fieldId();
            switch (id) {
                case 1 -> type = in.int32(field);
                case 2 -> uncompressedSize = in.int32(field);
                case 3 -> compressedSize = in.int32(field);
                case 4 -> readCrc(in.int32(field));
                case 5 -> readDetail(in, field, DATA_PAGE);
                case 7 -> readDetail(in, field, DICTIONARY_PAGE);
                case 8 -> readDetail(in, field, DATA_PAGE_V2);
                default -> in.skip(field);
            }
        }
    }

    boolean isDataPage() {
        return type == DATA_PAGE || type == DATA_PAGE_V2;
    }

    boolean isV2() {
        return type == DATA_PAGE_V2;
    }

    /** True if all is there that a page of this type needs, and nothing is negative. */
    boolean isComplete() {
        boolean sizes = type >= 0 && uncompressedSize >= 0 && compressedSize >= 0;
        return sizes && switch (type) {
            case DATA_PAGE -> (values | encoding | definitionEncoding | repetitionEncoding) >= 0;
            case DICTIONARY_PAGE -> (values | encoding) >= 0;
            case DATA_PAGE_V2 -> (values | encoding | rows | definitionBytes | repetitionBytes) >= 0;
            default -> true;
        };
    }

    private void resetDetail() {
        values = -1;
        encoding = -1;
        definitionEncoding = -1;
        repetitionEncoding = -1;
        rows = -1;
        definitionBytes = -1;
        repetitionBytes = -1;
        compressed = true;
    }

    private void readCrc(int value) {
        hasCrc = true;
        crc = value;
    }

    /** A detail that belongs to another type of page is passed over. */
    private void readDetail(CompactReader in, int field, int ofType) {
        if (field != CompactReader.STRUCT || ofType != type) {
            in.skip(field);
            return;
        }
        int id = 0;
        for (int inner = in.field(id); inner != CompactReader.STOP; inner = in.field(id)) {
            id = in.fieldId();
            if (ofType == DATA_PAGE_V2) {
                readV2(in, id, inner);
            } else {
                readV1(in, id, inner);
            }
        }
    }

    private void readV1(CompactReader in, int id, int field) {
        switch (id) {
            case 1 -> values = in.int32(field);
            case 2 -> encoding = in.int32(field);
            case 3 -> definitionEncoding = type == DATA_PAGE ? in.int32(field) : skipped(in, field);
            case 4 -> repetitionEncoding = type == DATA_PAGE ? in.int32(field) : skipped(in, field);
            default -> in.skip(field);
        }
    }

    private void readV2(CompactReader in, int id, int field) {
        switch (id) {
            case 1 -> values = in.int32(field);
            case 3 -> rows = in.int32(field);
            case 4 -> encoding = in.int32(field);
            case 5 -> definitionBytes = in.int32(field);
            case 6 -> repetitionBytes = in.int32(field);
            case 7 -> compressed = in.bool(field);
            default -> in.skip(field);
        }
    }

    private static int skipped(CompactReader in, int field) {
        in.skip(field);
        return -1;
    }
}
