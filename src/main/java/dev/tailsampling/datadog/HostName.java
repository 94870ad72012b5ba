package dev.tailsampling.datadog;

import java.util.Map;
import java.util.Set;

/**
 * The host that a resource is on, as an Agent finds it
 * ({@code pkg/opentelemetry-mapping-go/otlp/attributes/source.go} and its packages {@code ec2}, {@code gcp}, {@code azure}).
 */
final class HostName {

    private static final Set<String> NO_HOSTS = Set.of("0.0.0.0", "127.0.0.1", "localhost", "localhost.localdomain",
            "localhost6.localdomain6", "ip6-localhost");

    private final Map<String, String> resource;

    private HostName(Map<String, String> resource) {
        this.resource = resource;
    }

    /**
     * The name; empty where there is no host, as on Fargate.
     *
     * @param fallback for a resource that does not say
     */
    static String of(Map<String, String> resource, String fallback) {
        return new HostName(resource).name(fallback);
    }

    private String name(String fallback) {
        if (get("aws.ecs.launchtype").equals("fargate") && first("host", "datadog.host.name").isEmpty()) {
            return "";
        }
        String name = candidate();
        String usable = NO_HOSTS.contains(name) ? "" : name;
        String said = usable.isEmpty() ? get("_dd.hostname") : usable;
        return said.isEmpty() ? fallback : said;
    }

    private String candidate() {
        String given = first("host", "datadog.host.name");
        if (!given.isEmpty()) {
            return given;
        }
        return switch (get("cloud.provider")) {
            case "aws" -> get("host.id");
            case "gcp" -> googleName();
            case "azure" -> first("host.id", "host.name");
            default -> get("k8s.node.name").isEmpty() ? first("host.id", "host.name") : nodeName();
        };
    }

    private String googleName() {
        String host = get("host.name");
        String project = get("cloud.account.id");
        if (host.isEmpty() || project.isEmpty()) {
            return "";
        }
        boolean isQualified = host.chars().filter(c -> c == '.').count() >= 3;
        return (isQualified ? host.substring(0, host.indexOf('.')) : host) + "." + project;
    }

    private String nodeName() {
        String cluster = get("k8s.cluster.name");
        return get("k8s.node.name") + (cluster.isEmpty() ? "" : "-" + cluster);
    }

    private String first(String key, String otherKey) {
        String value = get(key);
        return value.isEmpty() ? get(otherKey) : value;
    }

    private String get(String key) {
        return resource.getOrDefault(key, "");
    }
}
