package dev.tailsampling.lake;

import dev.tailsampling.parquet.Dictionary;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ids of attribute keys in a dictionary, each looked up once for a dictionary. Not thread-safe. */
final class KeyIds {

    private @Nullable Dictionary dictionary;
    private final Map<AttributeKey, Integer> known = new HashMap<>();
    private @Nullable AttributeKey lastKey;
    private int lastId;
    private @Nullable Dictionary numbered;
    private @Nullable AttributeKeys wanted;
    private int[] numbers = {};
    private boolean hasAny;

    /** The key's id, -1 if the dictionary does not have it. */
    int of(AttributeKey key, Dictionary of) {
        if (of != dictionary) {
            dictionary = of;
            lastKey = null;
            known.clear();
        }
        if (key != lastKey) {
            lastKey = key;
            lastId = known.computeIfAbsent(key, unseen -> find(unseen, of));
        }
        return lastId;
    }

    private static int find(AttributeKey key, Dictionary of) {
        for (int id = 0; id < of.size(); id++) {
            if (key.matches(of.bytes(), of.offsetOf(id), of.lengthOf(id))) {
                return id;
            }
        }
        return -1;
    }

    /** Whether the dictionary has one of these keys; {@link #number} then speaks of these keys and this dictionary. */
    boolean hasAny(AttributeKeys keys, Dictionary of) {
        if (of != numbered || keys != wanted) {
            numbered = of;
            wanted = keys;
            hasAny = false;
            numbers = new int[of.size()];
            for (int id = 0; id < numbers.length; id++) {
                numbers[id] = keys.numberOf(of.bytes(), of.offsetOf(id), of.lengthOf(id));
                hasAny |= numbers[id] >= 0;
            }
        }
        return hasAny;
    }

    /** The number that the key of this id has among the keys asked for last, -1 if it is none of them. */
    int number(int id) {
        return numbers[id];
    }
}
