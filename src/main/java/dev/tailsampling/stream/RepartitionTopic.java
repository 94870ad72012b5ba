package dev.tailsampling.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic that a {@link Repartitioner} writes to. Thread-safe. */
final class RepartitionTopic {

    private static final Logger LOG = LoggerFactory.getLogger(RepartitionTopic.class);

    private final Repartitioner.Plan plan;
    private boolean exists;

    RepartitionTopic(Repartitioner.Plan plan) {
        this.plan = plan;
    }

    /**
     * Creates the topic if it is missing.
     *
     * @throws KafkaException if that cannot be done, or the input topic is missing
     */
    synchronized void createIfMissing() {
        if (exists) {
            return;
        }
        try (Admin admin = Admin.create(plan.kafka().admin())) {
            if (!await(admin.listTopics().names()).contains(plan.outputTopic())) {
                create(admin);
            }
            exists = true;
        }
    }

    private void create(Admin admin) {
        String input = plan.inputTopic();
        int partitions = only(await(admin.describeTopics(Set.of(input)).allTopicNames())).partitions().size();
        Map<String, String> configuration = new HashMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
                TopicConfig.RETENTION_MS_CONFIG, retentionMillis(admin)));
        try {
            await(admin.createTopics(List.of(new NewTopic(plan.outputTopic(), Optional.of(partitions),
                    Optional.empty()).configs(configuration))).all());
            awaitLeaders(admin, partitions);
            LOG.info("created topic {} with {} partitions", plan.outputTopic(), partitions);
        } catch (TopicExistsException e) {
            // Another instance was faster.
        }
    }

    /** Only leaders answer. A producer whose first batch meets none may find its second one taken, and be stuck. */
    private void awaitLeaders(Admin admin, int partitions) {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.put(new TopicPartition(plan.outputTopic(), partition), OffsetSpec.latest());
        }
        await(admin.listOffsets(all).all());
    }

    private String retentionMillis(Admin admin) {
        if (plan.retention() != null) {
            return String.valueOf(plan.retention().toMillis());
        }
        ConfigResource input = new ConfigResource(ConfigResource.Type.TOPIC, plan.inputTopic());
        return only(await(admin.describeConfigs(Set.of(input)).all())).get(TopicConfig.RETENTION_MS_CONFIG).value();
    }

    private static <T> T only(Map<?, T> answer) {
        return answer.values().iterator().next();
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
