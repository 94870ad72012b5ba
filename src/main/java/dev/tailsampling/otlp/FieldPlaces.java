package dev.tailsampling.otlp;

import java.util.Arrays;

/**
 * Where the fields of one message stand, in the order of the {@link OtlpMessage} table. On the wire they come in any
 * order, and the elements of a repeated field need not be neighbours. Fields that the table does not have are left out.
 * Not thread-safe.
 */
final class FieldPlaces {

    private static final int INITIAL_CAPACITY = 8;

    private final OtlpMessage message;
    private final Slice content;
    private final WireReader reader = new WireReader();
    /** Index of the field in the upper half, offset of what follows its tag in the lower. */
    private long[] places = new long[INITIAL_CAPACITY];
    private int count;
    /** Most writers write fields in the order of their numbers, which is nearly that of the table. */
    private boolean ascending = true;

    /** @throws MalformedOtlpException if the content is not a message */
    FieldPlaces(OtlpMessage message, Slice content) {
        this.message = message;
        this.content = content;
        content.readBy(reader);
        while (reader.hasMore()) {
            int tag = reader.tag();
            int index = message.indexOfTag(tag);
            if (index >= 0) {
                add(index, reader.position());
            }
            reader.skip(tag);
        }
        if (!ascending) {
            Arrays.sort(places, 0, count);
        }
    }

    private void add(int index, int offset) {
        if (message.isOneOf() && count > 0 && index(0) != index) {
            // The last field of a oneof counts.
            count = 0;
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        long place = (long) index << 32 | offset;
        ascending &= count == 0 || places[count - 1] < place;
        places[count++] = place;
    }

    int count() {
        return count;
    }

    /** The field at a place. */
    OtlpField field(int place) {
        return message.field(index(place));
    }

    /** First place behind this one that holds another field. */
    int nextField(int place) {
        int next = place + 1;
        while (next < count && index(next) == index(place)) {
            next++;
        }
        return next;
    }

    /** A reader that stands behind the tag at a place; valid until the next call. */
    WireReader at(int place) {
        return content.readBy(reader, (int) places[place]);
    }

    /** The message field that stands in pieces at these places; protobuf merges them by appending. */
    Slice merged(int from, int toExclusive) {
        Slice whole = new Slice();
        for (int place = from; place < toExclusive; place++) {
            WireReader piece = at(place);
            int length = piece.length();
            whole.merge(piece.bytes(), piece.position(), length);
        }
        return whole;
    }

    private int index(int place) {
        return (int) (places[place] >>> 32);
    }
}
