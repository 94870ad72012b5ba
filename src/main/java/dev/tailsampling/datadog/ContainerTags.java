package dev.tailsampling.datadog;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tags of the container that a resource runs in
 * ({@code pkg/opentelemetry-mapping-go/otlp/attributes/attributes.go}, {@code ContainerMappings}).
 */
final class ContainerTags {

    private static final String CUSTOM = "datadog.container.tag.";

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("container.id", "container_id"),
            Map.entry("container.name", "container_name"),
            Map.entry("container.image.name", "image_name"),
            Map.entry("container.image.tag", "image_tag"),
            Map.entry("container.runtime", "runtime"),
            Map.entry("cloud.provider", "cloud_provider"),
            Map.entry("cloud.region", "region"),
            Map.entry("cloud.availability_zone", "zone"),
            Map.entry("aws.ecs.task.family", "task_family"),
            Map.entry("aws.ecs.task.arn", "task_arn"),
            Map.entry("aws.ecs.cluster.arn", "ecs_cluster_name"),
            Map.entry("aws.ecs.task.revision", "task_version"),
            Map.entry("aws.ecs.container.arn", "ecs_container_name"),
            Map.entry("k8s.container.name", "kube_container_name"),
            Map.entry("k8s.cluster.name", "kube_cluster_name"),
            Map.entry("k8s.deployment.name", "kube_deployment"),
            Map.entry("k8s.replicaset.name", "kube_replica_set"),
            Map.entry("k8s.statefulset.name", "kube_stateful_set"),
            Map.entry("k8s.daemonset.name", "kube_daemon_set"),
            Map.entry("k8s.job.name", "kube_job"),
            Map.entry("k8s.cronjob.name", "kube_cronjob"),
            Map.entry("k8s.namespace.name", "kube_namespace"),
            Map.entry("k8s.pod.name", "pod_name"));

    private ContainerTags() {}

    /** Tags as "key:value", separated by commas, in the order of their keys; empty if there are none. */
    static String of(Map<String, String> resource) {
        Map<String, String> tags = new TreeMap<>();
        resource.forEach((key, value) -> {
            if (isCustom(key)) {
                put(tags, key.substring(CUSTOM.length()), value);
            }
        });
        resource.forEach((key, value) -> put(tags, NAMES.getOrDefault(key, ""), value));
        return tags.entrySet().stream().map(tag -> TagText.tag(tag.getKey() + ":" + tag.getValue()))
                .collect(Collectors.joining(","));
    }

    private static void put(Map<String, String> tags, String name, String value) {
        if (!name.isEmpty() && !value.isEmpty()) {
            tags.put(name, value);
        }
    }

    /** Whether an attribute is nothing but a tag of the container. */
    static boolean isCustom(String attribute) {
        return attribute.startsWith(CUSTOM);
    }
}
