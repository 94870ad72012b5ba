package dev.tailsampling.sampler;

import java.util.Comparator;

/**
 * The order of texts by code points, which is the order of their UTF-8 bytes and so that of Go, where the published
 * arithmetic comes from. {@link String#compareTo} differs: it puts U+E000 … U+FFFF behind the supplementary characters.
 */
public enum CodePointOrder implements Comparator<String> {
    /** The order. */
    INSTANCE;

    @Override
    public int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                boolean sameKind = Character.isSurrogate(l) == Character.isSurrogate(r);
                return sameKind ? Character.compare(l, r) : Character.isSurrogate(l) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
