package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files read last, so that one which is committed once more (as writers do that are unsure of a commit) is not read
 * twice. Not thread-safe.
 */
final class ReadFiles {

    private static final int REMEMBERED = 10_000;

    private final Map<String, Long> commitByPath = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether the file is not one that an earlier commit brought and that was read up to the cursor. */
    boolean isFirst(PlannedFile file, SourceCursor cursor) {
        Long commit = commitByPath.get(file.path());
        return commit == null || commit > cursor.sequenceNumberInclusive();
    }

    void add(PlannedFile file) {
        commitByPath.put(file.path(), file.dataSequenceNumber());
    }
}
