package dev.tailsampling.cli;

import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.stream.FastPath;
import dev.tailsampling.stream.Repartitioner;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic that a running instance samples as its spans come. Starting and closing are for one thread. */
final class TopicSampling implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicSampling.class);

    private final TopicPlan topic;
    private final TopicSelectors selectors;
    private final Workspace workspace;
    private final Runnable onFailure;
    private volatile @Nullable Repartitioner repartitioner;
    private volatile @Nullable FastPath fastPath;

    /**
     * Reads nothing yet.
     *
     * @param onFailure called when something went wrong that ends the whole
     */
    TopicSampling(TopicPlan topic, TopicSelectors selectors, Workspace workspace, Runnable onFailure) {
        this.onFailure = onFailure;
        this.topic = topic;
        this.selectors = selectors;
        this.workspace = workspace;
    }

    /**
     * Begins to read.
     *
     * @throws UsageException if the settings of Kafka cannot be used
     */
    void start() {
        selectors.check();
        FastPath.Plan path = topic.fastPath();
        try {
            topic.repartitioning().ifPresent(plan -> repartitioner = Repartitioner.start(plan, this::undecodable));
            fastPath = FastPath.start(path, selectors, workspace.ledger(), selectors::beforeCommit,
                    workspace.clock(), onFailure);
        } catch (IllegalArgumentException e) {
            close();
            throw new UsageException("the settings of Kafka cannot be used: " + e.getMessage());
        }
        if (topic.table().isPresent() && !workspace.sharesHandOvers()) {
            LOG.warn(
                    "traces that last are noted under the home folder, so only one instance may read {}: for several set "
                            + "control_plane.url or redis.url",
                    topic.inputTopic());
        }
        LOG.info("reading the topic {} at {}; {}", topic.inputTopic(), path.kafka().brokers(), topic.table()
                .map(table -> "traces that last are left to it and to the table " + table)
                .orElse("no table has its spans, so traces are decided early when memory is full"));
    }

    private void undecodable(String source, SourceRow row, String reason) {
        try {
            workspace.controlLog().addDeadLetters(source, Map.of(row, reason));
        } catch (UncheckedIOException e) {
            LOG.warn("a record of {} at offset {} could not be decoded ({}), nor noted: {}", source, row.offset(),
                    reason,
                    e.getMessage());
        }
    }

    /** Why the topic is not read as it should be; empty if it is. */
    Optional<String> problem() {
        Repartitioner sorting = repartitioner;
        FastPath started = fastPath;
        return Optional.ofNullable(sorting).flatMap(Repartitioner::problem)
                .or(() -> Optional.ofNullable(started).flatMap(FastPath::problem));
    }

    @Override
    public void close() {
        Repartitioner sorting = repartitioner;
        FastPath started = fastPath;
        repartitioner = null;
        fastPath = null;
        if (sorting != null) {
            sorting.close();
        }
        if (started != null) {
            started.close();
            selectors.end();
        }
    }
}
