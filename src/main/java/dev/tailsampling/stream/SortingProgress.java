package dev.tailsampling.stream;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an input topic has been sorted by trace to its end, by whichever instances do that. As long as it is not, time
 * must not go on in the topic that is sorted: its spans are still to come. For one thread.
 */
final class SortingProgress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SortingProgress.class);
    private static final long TIMEOUT_SECONDS = 2;

    private final Admin admin;
    private final Repartitioner.Plan plan;

    SortingProgress(Repartitioner.Plan plan) {
        this.plan = plan;
        this.admin = Admin.create(plan.kafka().admin());
    }

    /** False also if nobody can tell. */
    boolean isAtEnd() {
        try {
            TopicDescription topic =
                    Objects.requireNonNull(admin.describeTopics(List.of(plan.inputTopic())).allTopicNames()
                            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS).get(plan.inputTopic()));
            Set<TopicPartition> partitions = topic.partitions().stream()
                    .map(partition -> new TopicPartition(plan.inputTopic(), partition.partition()))
                    .collect(Collectors.toSet());
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends = admin
                    .listOffsets(partitions.stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                    .all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetAndMetadata> sorted = admin.listConsumerGroupOffsets(plan.groupId())
                    .partitionsToOffsetAndMetadata().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return partitions.stream().allMatch(partition -> isAtEnd(ends.get(partition), sorted.get(partition)));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("how far {} is sorted is not known", plan.inputTopic(), e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isAtEnd(ListOffsetsResult.@Nullable ListOffsetsResultInfo end,
            @Nullable OffsetAndMetadata sorted) {
        return end != null && (end.offset() == 0 || sorted != null && sorted.offset() >= end.offset());
    }

    @Override
    public void close() {
        admin.close();
    }
}
