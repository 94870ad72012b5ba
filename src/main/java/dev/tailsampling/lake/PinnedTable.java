package dev.tailsampling.lake;

import dev.tailsampling.selector.MissingSourceException;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * A table with one snapshot of it: what one call reads from.
 *
 * @param table as loaded; its current snapshot is the pinned one
 * @param snapshot the pinned snapshot
 * @param layout its columns, found
 * @param planner lists its files
 * @param spans reads them
 */
record PinnedTable(Table table, Snapshot snapshot, BoundLayout layout, FilePlanner planner, SpanReader spans)
        implements
            AutoCloseable {

    private static final int ATTEMPTS = 4;
    /** What S3 and its likes call a session that is over. */
    private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");

    /** Whether rows say which Kafka record they are. */
    boolean hasPositions() {
        return layout.row().position() != null;
    }

    /**
     * Loads the table and works on it, anew when a file vanishes meanwhile: compaction replaces files, and the expiry of
     * snapshots then deletes them, at any time. And anew when the credentials expire that came with the table, if the
     * catalog has no way to renew them.
     *
     * @param work must be able to begin again where it was interrupted
     * @throws MissingSourceException if the table does not exist
     */
    static <T> T withCurrent(LakeCatalog catalog, TableName name, Function<Table, T> work) {
        for (int attempt = 1;; attempt++) {
            try {
                return work.apply(catalog.find(name).orElseThrow(() -> missing(name)));
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !(e instanceof NotFoundException) && !isExpiry(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isExpiry(RuntimeException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException refusal) {
                return isExpiry(refusal);
            }
        }
        return false;
    }

    /** The answer to a HEAD request has no body that would say why it is refused. */
    private static boolean isExpiry(AwsServiceException refusal) {
        AwsErrorDetails details = refusal.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null
                ? refusal.statusCode() == 400 || refusal.statusCode() == 403
                : EXPIRED.contains(code);
    }

    @Override
    public void close() {
        spans.close();
    }

    private static MissingSourceException missing(TableName name) {
        return new MissingSourceException(
                "table " + name + " does not exist (yet): AutoMQ creates it with the topic's first "
                        + "record, once automq.table.topic.enable=true is set; else check the name and the catalog");
    }
}
