package dev.tailsampling.generate;

import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.otlp.RequestBuilder;
import java.util.HexFormat;

/** Writes the resource of a service. */
final class ResourceAttributes {

    private final ServiceCatalog catalog;
    private final Detail detail;

    ResourceAttributes(ServiceCatalog catalog, Detail detail) {
        this.catalog = catalog;
        this.detail = detail;
    }

    /** Adds the attributes of a service to the resource just begun. */
    void write(int service, RequestBuilder to) {
        to.attribute("service.name", catalog.name(service));
        if (detail != Detail.LEAN) {
            writeUsual(service, to);
        }
        if (detail == Detail.RICH) {
            writeRich(service, to);
        }
    }

    private void writeUsual(int service, RequestBuilder to) {
        to.attribute("service.version", "2." + service % 7 + ".1");
        to.attribute("deployment.environment", "production");
        to.attribute("telemetry.sdk.language", service % 3 == 0 ? "go" : "java");
        to.attribute("host.name", host(service));
    }

    private void writeRich(int service, RequestBuilder to) {
        String name = catalog.name(service);
        to.attribute("service.namespace", "shop");
        to.attribute("telemetry.sdk.name", "opentelemetry");
        to.attribute("telemetry.sdk.version", "1.49.0");
        to.attribute("cloud.region", "eu-west-1");
        to.attribute("k8s.namespace.name", "shop-production");
        to.attribute("k8s.deployment.name", name);
        to.attribute("k8s.pod.name", name + "-" + HexFormat.of().toHexDigits(Dice.key(0, service), 10) + "-x7k2p");
        to.attribute("process.pid", 1_000L + service);
    }

    private static String host(int service) {
        return "ip-10-0-" + service % 4 + "-" + (10 + service) + ".eu-west-1.compute.internal";
    }
}
