package dev.tailsampling.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a misspelt one was probably meant to be. */
final class NearestName {

    private final Collection<String> known;

    NearestName(Collection<String> known) {
        this.known = known;
    }

    /** "; did you mean X?", or nothing when no name is near. */
    String hint(String wrong) {
        String nearest = of(wrong);
        return nearest == null ? "" : "; did you mean " + nearest + "?";
    }

    /**
     * The nearest name by edits, within a third of the length; else a dotted name whose last part is (nearly) the wrong
     * name's, for a key in the wrong section; else one of the same section that holds the wrong name's last part. Null
     * if there is none.
     */
    @Nullable
    String of(String wrong) {
        String byName = nearest(wrong, wrong.length() / 3 + 1);
        String byLastPart = byName != null ? byName : byLastPart(lastPart(wrong));
        return byLastPart != null ? byLastPart : byPiece(wrong);
    }

    private @Nullable String nearest(String wrong, int limit) {
        String best = null;
        int bestDistance = limit + 1;
        for (String name : known) {
            int distance = distance(wrong, name);
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    private @Nullable String byLastPart(String wrong) {
        for (int limit = 0; limit <= 1; limit++) {
            for (String name : known) {
                if (wrong.length() > 2 && distance(wrong, lastPart(name)) <= limit) {
                    return name;
                }
            }
        }
        return null;
    }

    private @Nullable String byPiece(String wrong) {
        String piece = lastPart(wrong);
        String section = wrong.substring(0, wrong.length() - piece.length());
        return known.stream()
                .filter(name -> piece.length() > 3 && name.startsWith(section) && lastPart(name).contains(piece))
                .findFirst().orElse(null);
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Levenshtein's distance, regardless of case. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (sameLetter(one.charAt(i - 1), other.charAt(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }

    private static boolean sameLetter(char a, char b) {
        return Character.toLowerCase(a) == Character.toLowerCase(b);
    }
}
