package dev.tailsampling.datadog;

import static dev.tailsampling.datadog.TestTrace.START;
import static dev.tailsampling.datadog.TestTrace.TRACE_ID;
import static dev.tailsampling.datadog.TestTrace.TRACE_ID_LOW;
import static dev.tailsampling.datadog.TestTrace.mapped;
import static dev.tailsampling.datadog.TestTrace.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole spans of each kind of work, field by field. */
class SpanMappingTest {

    /** The tags of every span here. */
    private static Map<String, String> meta(String kind, Map<String, String> others) {
        Map<String, String> meta = new HashMap<>(Map.of("span.kind", kind, "otel.trace_id", TRACE_ID, "_dd.p.tid",
                "0102030405060708", "otel.status_code", "Unset", "otel.scope.name", "lib", "otel.scope.version", "1.2",
                "otel.library.name", "lib", "otel.library.version", "1.2", "_dd.p.dm", "-4", "tss.policy", "errors"));
        meta.putAll(others);
        return meta;
    }

    /** The metrics of every span here. */
    private static Map<String, Double> metrics(Map<String, Double> others) {
        Map<String, Double> metrics =
                new HashMap<>(Map.of("_top_level", 1.0, "_sampling_priority_v1", 2.0, "_sample_rate", 1.0));
        metrics.putAll(others);
        return metrics;
    }

    @Test
    void httpServer() {
        DatadogSchema.Span span = mapped(Map.of("service.name", "Shop Front", "service.version", "1.4.2",
                "deployment.environment.name", "Production"),
                span(SpanKind.SPAN_KIND_SERVER, "GET", 0x8000000000000001L, 7, Map.ofEntries(
                        Map.entry("http.request.method", "GET"), Map.entry("http.route", "/cart/{id}"),
                        Map.entry("http.response.status_code", 200), Map.entry("http.request.body.size", 12),
                        Map.entry("http.response.body.size", 345), Map.entry("user_agent.original", "curl/8"),
                        Map.entry("client.address", "10.0.0.7"), Map.entry("server.address", "shop.example"),
                        Map.entry("network.protocol.version", "1.1"), Map.entry("url.path", "/cart/7"),
                        Map.entry("http.request.header.x-id", List.of("a", "b")), Map.entry("cached", true),
                        Map.entry("ratio", 0.5))).setTraceState("ot=th:0"));

        assertThat(span.service()).isEqualTo("shop_front");
        assertThat(span.name()).isEqualTo("http.server.request");
        assertThat(span.resource()).isEqualTo("GET /cart/{id}");
        assertThat(span.type()).isEqualTo("web");
        assertThat(span.traceId()).isEqualTo(TRACE_ID_LOW);
        assertThat(span.spanId()).isEqualTo(0x8000000000000001L);
        assertThat(span.parentId()).isEqualTo(7);
        assertThat(span.start()).isEqualTo(START);
        assertThat(span.duration()).isEqualTo(5_000_000);
        assertThat(span.error()).isZero();
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("server", Map.ofEntries(
                Map.entry("http.method", "GET"), Map.entry("http.route", "/cart/{id}"),
                Map.entry("http.useragent", "curl/8"), Map.entry("http.client_ip", "10.0.0.7"),
                Map.entry("http.server_name", "shop.example"), Map.entry("http.version", "1.1"),
                Map.entry("url.path", "/cart/7"), Map.entry("http.request.headers.x-id", "[\"a\",\"b\"]"),
                Map.entry("cached", "true"), Map.entry("w3c.tracestate", "ot=th:0"),
                Map.entry("env", "production"), Map.entry("deployment.environment.name", "Production"),
                Map.entry("version", "1.4.2"), Map.entry("service.version", "1.4.2"))));
        assertThat(span.metrics()).containsExactlyInAnyOrderEntriesOf(metrics(Map.of("http.status_code", 200.0,
                "http.request.content_length", 12.0, "http.response.content_length", 345.0, "ratio", 0.5)));
    }

    @Test
    void httpClient() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_CLIENT, Map.of("http.request.method", "POST",
                "url.full", "https://pay.example/charge/1", "url.template", "/charge/{id}", "http.route", "/not/this",
                "http.response.status_code", "404")));

        assertThat(span.service()).isEqualTo("shop");
        assertThat(span.name()).isEqualTo("http.client.request");
        assertThat(span.resource()).isEqualTo("POST /charge/{id}");
        assertThat(span.type()).isEqualTo("http");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("client", Map.of("http.method", "POST",
                "http.url", "https://pay.example/charge/1", "url.template", "/charge/{id}", "http.route", "/not/this",
                "http.status_code", "404")));
        assertThat(span.metrics()).containsExactlyInAnyOrderEntriesOf(metrics(Map.of("http.status_code", 404.0)));
    }

    @Test
    void sql() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_CLIENT, Map.of("db.system.name", "postgresql",
                "db.query.text", "SELECT * FROM carts WHERE id = 12345", "db.namespace", "shop")));

        assertThat(span.name()).isEqualTo("postgresql.query");
        assertThat(span.resource()).isEqualTo("SELECT * FROM carts WHERE id = ?");
        assertThat(span.type()).isEqualTo("sql");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("client", Map.of("db.system.name", "postgresql",
                "db.query.text", "SELECT * FROM carts WHERE id = ?", "db.namespace", "shop", "db.name", "shop")));
        assertThat(span.metrics()).containsExactlyInAnyOrderEntriesOf(metrics(Map.of()));
    }

    @Test
    void redis() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_CLIENT, Map.of("db.system", "redis", "db.statement",
                "set user:1 secret\nconfig get maxmemory", "db.redis.database_index", 3)));

        assertThat(span.name()).isEqualTo("redis.query");
        assertThat(span.resource()).isEqualTo("SET CONFIG GET");
        assertThat(span.type()).isEqualTo("redis");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("client",
                Map.of("db.system", "redis", "db.statement", "set user:? secret\nconfig get maxmemory")));
        assertThat(span.metrics())
                .containsExactlyInAnyOrderEntriesOf(metrics(Map.of("db.redis.database_index", 3.0)));
    }

    @Test
    void messagingProducer() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_PRODUCER, Map.of("messaging.system", "kafka",
                "messaging.operation", "publish", "messaging.destination.name", "orders",
                "messaging.kafka.message.offset", 17)));

        assertThat(span.name()).isEqualTo("kafka.publish");
        assertThat(span.resource()).isEqualTo("publish orders");
        assertThat(span.type()).isEqualTo("custom");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("producer", Map.of("messaging.system", "kafka",
                "messaging.operation", "publish", "messaging.destination.name", "orders")));
        assertThat(span.metrics())
                .containsExactlyInAnyOrderEntriesOf(metrics(Map.of("messaging.kafka.message.offset", 17.0)));
    }

    @Test
    void rpcServer() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of("rpc.system", "grpc", "rpc.service",
                "shop.Cart", "rpc.method", "AddItem", "rpc.grpc.status_code", 5)));

        assertThat(span.name()).isEqualTo("grpc.server.request");
        assertThat(span.resource()).isEqualTo("AddItem shop.Cart");
        assertThat(span.type()).isEqualTo("web");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("server", Map.of("rpc.system", "grpc",
                "rpc.service", "shop.Cart", "rpc.method", "AddItem", "rpc.grpc.status_code", "5")));
        assertThat(span.metrics()).containsExactlyInAnyOrderEntriesOf(metrics(Map.of("rpc.grpc.status_code", 5.0)));
    }

    @Test
    void graphql() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of("graphql.operation.type", "query",
                "graphql.operation.name", "findCart", "graphql.document", "query findCart { cart { id } }")));

        assertThat(span.name()).isEqualTo("graphql.server.request");
        assertThat(span.resource()).isEqualTo("query findCart");
        assertThat(span.type()).isEqualTo("web");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("server", Map.of("graphql.operation.type",
                "query", "graphql.operation.name", "findCart", "graphql.document", "query findCart { cart { id } }")));
    }

    @Test
    void faasServerAndClient() {
        DatadogSchema.Span server = mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of("faas.trigger", "datasource")));
        DatadogSchema.Span client = mapped(span(SpanKind.SPAN_KIND_CLIENT,
                Map.of("faas.invoked_provider", "aws", "faas.invoked_name", "resize-image")));

        assertThat(server.name()).isEqualTo("datasource.invoke");
        assertThat(server.resource()).isEqualTo("name");
        assertThat(server.meta())
                .containsExactlyInAnyOrderEntriesOf(meta("server", Map.of("faas.trigger", "datasource")));
        assertThat(client.name()).isEqualTo("aws.resize_image.invoke");
        assertThat(client.type()).isEqualTo("http");
        assertThat(client.meta()).containsExactlyInAnyOrderEntriesOf(meta("client",
                Map.of("faas.invoked_provider", "aws", "faas.invoked_name", "resize-image")));
    }

    /** The rows of the table of operation names and resources. Attributes are "key=value", separated by ";". */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "SERVER, operation.name=My.Op;http.request.method=GET, my.op, GET",
            "SERVER, http.method=GET;http.route=/a, http.server.request, GET /a",
            "CLIENT, http.request.method=_OTHER, http.client.request, HTTP",
            "INTERNAL, http.request.method=GET;http.route=/a, Internal, GET",
            "CLIENT, http.request.method=GET;db.system=mysql, http.client.request, GET",
            "CLIENT, db.system=mongodb, mongodb.query, name",
            "CLIENT, db.system.name=mysql;db.system=other, mysql.query, name",
            "SERVER, db.system=mysql;db.statement=SELECT 1, server.request, SELECT ?",
            "CONSUMER, messaging.system=rabbitmq;messaging.operation=process, rabbitmq.process, process",
            "CONSUMER, messaging.system=rabbitmq, Consumer, name",
            "INTERNAL, messaging.system=kafka;messaging.operation=receive;messaging.destination=t, Internal, receive t",
            "CLIENT, messaging.system=sqs;messaging.operation=receive, sqs.receive, receive",
            "CLIENT, rpc.system=aws-api;rpc.service=S3;rpc.method=GetObject, aws.s3.request, GetObject S3",
            "CLIENT, rpc.system=aws-api, aws.client.request, name",
            "CLIENT, rpc.system=grpc;rpc.method=Get, grpc.client.request, Get",
            "SERVER, rpc.system=aws-api, aws_api.server.request, name",
            "CLIENT, faas.invoked_provider=gcp, client.request, name",
            "SERVER, faas.trigger=http, http.invoke, name",
            "CLIENT, faas.trigger=http, client.request, name",
            "INTERNAL, graphql.operation.type=mutation, graphql.server.request, mutation",
            "SERVER, network.protocol.name=amqp, amqp.server.request, name",
            "CLIENT, network.protocol.name=AMQP, amqp.client.request, name",
            "SERVER, -, server.request, name",
            "CLIENT, -, client.request, name",
            "PRODUCER, -, Producer, name",
            "CONSUMER, -, Consumer, name",
            "INTERNAL, -, Internal, name",
            "UNSPECIFIED, -, Internal, name",
            "SERVER, resource.name=My Resource;http.request.method=GET, http.server.request, My Resource"})
    void operationAndResource(String kind, String attributes, String operation, String resource) {
        Map<String, String> given = new HashMap<>();
        if (attributes != null) {
            List.of(attributes.split(";")).forEach(attribute -> given.put(attribute.split("=")[0],
                    attribute.split("=")[1]));
        }

        DatadogSchema.Span span = mapped(span(SpanKind.valueOf("SPAN_KIND_" + kind), given));

        assertThat(span.name()).isEqualTo(operation);
        assertThat(span.resource()).isEqualTo(resource);
        assertThat(span.meta()).containsEntry("span.kind", kind.toLowerCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, db.system=postgresql, sql", "CLIENT, db.system=mssql, sql", "CLIENT, db.system=other_sql, sql",
            "CLIENT, db.system.name=microsoft.sql_server, sql", "CLIENT, db.system=redis, redis",
            "CLIENT, db.system=memcached, memcached", "CLIENT, db.system=mongodb, mongodb",
            "CLIENT, db.system=elasticsearch, elasticsearch", "CLIENT, db.system=opensearch, opensearch",
            "CLIENT, db.system=cassandra, cassandra", "CLIENT, db.system=neo4j, db", "CLIENT, db.system=nobody, db",
            "CLIENT, other=x, http", "SERVER, db.system=redis, web", "INTERNAL, db.system=redis, custom",
            "PRODUCER, other=x, custom", "SERVER, span.type=cache, cache", "INTERNAL, gen_ai.usage.cost=1, llm",
            "SERVER, span.type=web;gen_ai.system=openai, llm"})
    void type(String kind, String attributes, String type) {
        Map<String, String> given = new HashMap<>();
        List.of(attributes.split(";")).forEach(attribute -> given.put(attribute.split("=")[0],
                attribute.split("=")[1]));

        assertThat(mapped(span(SpanKind.valueOf("SPAN_KIND_" + kind), given)).type()).isEqualTo(type);
    }

    @Test
    void conventionOfDatadogBecomesFieldsOnly() {
        DatadogSchema.Span span = mapped(Map.of("service.name", "resource", "k", "resource"),
                span(SpanKind.SPAN_KIND_INTERNAL, Map.of("service.name", "span", "operation.name", "op",
                        "resource.name", "res", "span.type", "cache", "k", "span")));

        assertThat(List.of(span.service(), span.name(), span.resource(), span.type()))
                .containsExactly("span", "op", "res", "cache");
        assertThat(span.meta()).containsExactlyInAnyOrderEntriesOf(meta("internal", Map.of("k", "span")));
    }

    @Test
    void attributesOfTheResourceAreTexts() {
        DatadogSchema.Span span = mapped(Map.of("process.pid", 12, "weight", 0.25),
                span(SpanKind.SPAN_KIND_INTERNAL, Map.of()));

        assertThat(span.service()).isEqualTo("otlpresourcenoservicename");
        assertThat(span.meta()).containsEntry("process.pid", "12").containsEntry("weight", "0.25");
        assertThat(span.metrics()).doesNotContainKeys("process.pid", "weight");
    }

    @Test
    void shortTraceIdHasNoUpperHalf() {
        DatadogSchema.Span span = mapped(
                span(SpanKind.SPAN_KIND_INTERNAL, Map.of()).setTraceId(TestTrace.bytes(0, 0xffL)));

        assertThat(span.traceId()).isEqualTo(255);
        assertThat(span.meta()).doesNotContainKey("_dd.p.tid").containsEntry("otel.trace_id",
                "000000000000000000000000000000ff");
    }

    @Test
    void durationIsNeverNegative() {
        assertThat(mapped(span(SpanKind.SPAN_KIND_INTERNAL, Map.of()).setEndTimeUnixNano(START - 1)).duration())
                .isZero();
        assertThat(mapped(span(SpanKind.SPAN_KIND_INTERNAL, Map.of()).clearEndTimeUnixNano()).duration()).isZero();
    }

    @Test
    void statusIsATag() {
        assertThat(mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of())
                .setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_OK))).meta())
                .containsEntry("otel.status_code", "Ok");
        assertThat(mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of())
                .setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_ERROR).setMessage("boom"))).meta())
                .containsEntry("otel.status_code", "Error").containsEntry("otel.status_description", "boom");
    }

    @Test
    void longTextsAreCut() {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_INTERNAL, "é".repeat(4_000), 1, 0,
                Map.of("v", "é".repeat(20_000), "k".repeat(300), "x", "m".repeat(300), 1, "service.name",
                        "s".repeat(150))));

        assertThat(span.resource()).isEqualTo("é".repeat(2_500));
        assertThat(span.service()).isEqualTo("s".repeat(100));
        assertThat(span.meta()).containsEntry("v", "é".repeat(12_500) + "...")
                .containsEntry("k".repeat(200) + "...", "x");
        assertThat(span.metrics()).containsEntry("m".repeat(200) + "...", 1.0);
    }
}
