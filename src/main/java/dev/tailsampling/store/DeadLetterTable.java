package dev.tailsampling.store;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.SourceRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The statements on {@code dead_letters} and {@code dead_letter_counts}. Stateless. */
final class DeadLetterTable {

    /** Offsets per query. */
    private static final int BATCH = 500;

    private static final String KNOWN = """
            SELECT kafka_partition, kafka_offset FROM dead_letters
            WHERE source_id = :sourceId AND kafka_offset IN (<offsets>)""";
    private static final String ADD = """
            INSERT INTO dead_letters
              (source_id, kafka_partition, kafka_offset, kafka_timestamp, reason, first_seen, letter_number)
            VALUES (:sourceId, :partition, :offset, :timestamp, :reason, :now, :number)""";
    private static final String COUNTED = """
            INSERT INTO dead_letter_counts (source_id, letters) VALUES (:sourceId, :letters)
            ON CONFLICT (source_id) DO UPDATE SET letters = excluded.letters""";
    private static final String FORGET =
            "DELETE FROM dead_letters WHERE source_id = :sourceId AND letter_number <= :number";
    private static final String COUNT =
            "SELECT letters FROM dead_letter_counts JOIN sources USING (source_id) WHERE name = :source";
    private static final String LETTERS = """
            SELECT name, kafka_partition, kafka_offset, kafka_timestamp, reason, first_seen
            FROM dead_letters JOIN sources USING (source_id)""";
    private static final String NEWEST_OF_SOURCE =
            LETTERS + " WHERE name = :source ORDER BY letter_number DESC LIMIT :limit";
    private static final String NEWEST = LETTERS + " ORDER BY first_seen DESC, name, letter_number DESC LIMIT :limit";

    private DeadLetterTable() {}

    /** Numbers and keeps the rows that are not known yet, and forgets the oldest ones. To be called in a transaction. */
    static void add(Handle handle, String source, Map<SourceRow, String> reasons, Instant now) {
        int sourceId = NameTable.SOURCES.idOf(handle, source);
        WriteLock.DEAD_LETTERS.take(handle);
        Set<KafkaPosition> known = known(handle, sourceId, reasons.keySet());
        long letters = count(handle, source);
        try (PreparedBatch batch = handle.prepareBatch(ADD)) {
            for (Map.Entry<SourceRow, String> letter : reasons.entrySet()) {
                SourceRow row = letter.getKey();
                if (known.add(KafkaPosition.of(row))) {
                    letters++;
                    batch.bind("sourceId", sourceId).bind("partition", row.partition()).bind("offset", row.offset())
                            .bind("timestamp", row.timestampMillis()).bind("reason", letter.getValue())
                            .bind("now", now.toEpochMilli()).bind("number", letters).add();
                }
            }
            batch.execute();
        }
        handle.createUpdate(COUNTED).bind("sourceId", sourceId).bind("letters", letters).execute();
        handle.createUpdate(FORGET).bind("sourceId", sourceId)
                .bind("number", letters - ControlLog.DEAD_LETTERS_KEPT).execute();
    }

    private static Set<KafkaPosition> known(Handle handle, int sourceId, Collection<SourceRow> rows) {
        List<Long> offsets = rows.stream().map(SourceRow::offset).distinct().toList();
        Set<KafkaPosition> known = new HashSet<>();
        for (int from = 0; from < offsets.size(); from += BATCH) {
            handle.createQuery(KNOWN).bind("sourceId", sourceId)
                    .bindList("offsets", offsets.subList(from, Math.min(offsets.size(), from + BATCH)))
                    .map((row, context) -> new KafkaPosition(row.getInt(1), row.getLong(2))).forEach(known::add);
        }
        return known;
    }

    static long count(Handle handle, String source) {
        return handle.createQuery(COUNT).bind("source", source).mapTo(Long.class).findOne().orElse(0L);
    }

    /** The newest ones, newest first; of all sources if none is named. */
    static List<DeadLetter> newest(Handle handle, @Nullable String source, int limit) {
        return (source == null
                ? handle.createQuery(NEWEST)
                : handle.createQuery(NEWEST_OF_SOURCE).bind("source", source))
                .bind("limit", limit).map((row, context) -> letter(row)).list();
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(row.getString("name"),
                new KafkaPosition(row.getInt("kafka_partition"), row.getLong("kafka_offset"))
                        .row(row.getLong("kafka_timestamp")),
                row.getString("reason"), Instant.ofEpochMilli(row.getLong("first_seen")));
    }
}
