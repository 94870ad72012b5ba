package dev.tailsampling.trace;

import java.util.Arrays;
import java.util.List;

/**
 * Several keys, numbered from 0, of which those that a span has are found in one pass over its attributes. Immutable.
 */
public final class AttributeKeys {

    private static final int FREE = -1;
    private static final int MIXER = 0x9E3779B1;

    private final List<AttributeKey> keys;
    private final int[] table;
    private final int shift;

    private AttributeKeys(List<AttributeKey> keys) {
        this.keys = List.copyOf(keys);
        int bits = Math.max(4, Integer.SIZE - Integer.numberOfLeadingZeros(keys.size() * 4));
        this.shift = Integer.SIZE - bits;
        this.table = new int[1 << bits];
        Arrays.fill(table, FREE);
        for (int number = 0; number < keys.size(); number++) {
            byte[] utf8 = keys.get(number).utf8();
            int slot = slot(utf8, 0, utf8.length);
            while (table[slot] != FREE) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = number;
        }
    }

    /** These keys, numbered in their order; each of them once. */
    public static AttributeKeys of(List<AttributeKey> keys) {
        return new AttributeKeys(keys);
    }

    /** The keys in their order. */
    public List<AttributeKey> keys() {
        return keys;
    }

    /** Number of the key whose name in UTF-8 stands there, -1 if it is none of these. */
    public int numberOf(byte[] bytes, int offset, int length) {
        int slot = slot(bytes, offset, length);
        while (table[slot] != FREE) {
            if (keys.get(table[slot]).matches(bytes, offset, length)) {
                return table[slot];
            }
            slot = slot + 1 & table.length - 1;
        }
        return FREE;
    }

    /** Names differ in length, at their end or in the middle; few begin differently. */
    private int slot(byte[] bytes, int offset, int length) {
        int hash = length;
        if (length > 1) {
            hash = hash * 31 + bytes[offset + length - 1];
            hash = hash * 31 + bytes[offset + length - 2];
            hash = hash * 31 + bytes[offset + length / 2];
        }
        return hash * MIXER >>> shift;
    }
}
