package dev.tailsampling.cli;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.stream.FastPath;
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
    private volatile @Nullable FastPath fastPath;

    /** Reads nothing yet. */
    TopicSampling(TopicPlan topic, TopicSelectors selectors, Workspace workspace) {
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
        FastPath.Plan path = topic.fastPath();
        try {
            fastPath = FastPath.start(path, selectors, workspace.ledger(), () -> new ExportOutcome.Exported(0, ""),
                    workspace.clock());
        } catch (IllegalArgumentException e) {
            throw new UsageException("the settings of Kafka cannot be used: " + e.getMessage());
        }
        LOG.info("reading the topic {} at {}; {}", topic.topic(), path.kafka().brokers(), topic.table()
                .map(table -> "traces that last are left to it and to the table " + table)
                .orElse("no table has its spans, so traces are decided early when memory is full"));
    }

    /** Why the topic is not read as it should be; empty if it is. */
    Optional<String> problem() {
        FastPath started = fastPath;
        return started == null ? Optional.empty() : started.problem();
    }

    @Override
    public void close() {
        FastPath started = fastPath;
        if (started != null) {
            started.close();
        }
    }
}
