package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SanitizedQuery;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what exit spans of one request have in common. Not thread-safe; serves one request. */
final class SimilarSpans {

    /** Texts of queries, in today's and in earlier conventions; sanitized before they are compared. */
    static final List<AttributeKey> STATEMENTS = keys("db.query.text", "db.statement");
    private static final List<AttributeKey> TEMPLATES = keys("url.template", "http.route");
    /** Compared where no template says what they have in common. */
    private static final List<AttributeKey> URLS = keys("url.full", "http.url", "url.path", "http.target");
    /** What the work was done on, and how it went. */
    private static final List<AttributeKey> PEERS = keys("db.system.name", "db.system", "db.namespace", "db.name",
            "db.collection.name", "db.operation.name", "db.response.status_code", "server.address", "server.port",
            "net.peer.name", "net.peer.port", "peer.service", "messaging.system", "messaging.destination.name",
            "messaging.destination", "messaging.operation.name", "http.request.method", "http.method",
            "http.response.status_code", "http.status_code", "rpc.system", "rpc.service", "rpc.method",
            "rpc.grpc.status_code");
    /** A span that has one is no ordinary one: it failed, or stands for several already. */
    private static final List<AttributeKey> OBSTACLES = keys("error.type", SpanRun.COUNT);

    private static final AttributeKeys ALL = AttributeKeys.of(
            Stream.of(STATEMENTS, TEMPLATES, URLS, PEERS, OBSTACLES).flatMap(List::stream).toList());
    private static final int TEMPLATES_START = STATEMENTS.size();
    private static final int URLS_START = TEMPLATES_START + TEMPLATES.size();
    private static final int PEERS_START = URLS_START + URLS.size();
    private static final int OBSTACLES_START = PEERS_START + PEERS.size();

    /** Equal for spans that may become one. */
    record Similarity(long parentSpanId, SpanKind kind, StatusCode status, int context, String name,
            @Nullable String traceState, List<@Nullable AttributeValue> attributes) {}

    private record Context(@Nullable String resource, @Nullable String resourceSchemaUrl, @Nullable String scope,
            @Nullable String scopeSchemaUrl) {}

    private final Map<Context, Integer> contexts = new HashMap<>();
    private long generation = AttributesView.ALWAYS_NEW;
    private int contextNumber;

    /** What the span has in common with those that it may be joined with; null if it may not be joined. */
    @Nullable
    Similarity of(WireSpan span) {
        @Nullable AttributeValue[] values = new AttributeValue[ALL.keys().size()];
        span.attributes().read(ALL, new AttributesView.Receiver() {
            @Override
            public boolean wants(int number) {
                return values[number] == null;
            }

            @Override
            public void value(int number, AttributeValue value) {
                values[number] = number < TEMPLATES_START ? sanitized(value) : value;
            }
        });
        if (hasAny(values, OBSTACLES_START, values.length)) {
            return null;
        }
        if (hasAny(values, TEMPLATES_START, URLS_START)) {
            Arrays.fill(values, URLS_START, PEERS_START, null);
        }
        return new Similarity(span.parentSpanId(), span.kind(), span.status(), contextOf(span), span.name(),
                span.traceState(), Arrays.asList(values));
    }

    /** A query without its literals; another value stays. */
    static AttributeValue sanitized(AttributeValue statement) {
        return statement instanceof AttributeValue.StringValue text
                ? new AttributeValue.StringValue(SanitizedQuery.of(text.value()))
                : statement;
    }

    private static boolean hasAny(@Nullable AttributeValue[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (values[i] != null) {
                return true;
            }
        }
        return false;
    }

    /** Number of the span's resource and scope; equal ones have one number. */
    private int contextOf(WireSpan span) {
        OtlpSpans its = span.context();
        if (its.contextGeneration() != generation) {
            generation = its.contextGeneration();
            Context context = new Context(its.resource.latin1(), its.resourceSchemaUrl.latin1(), its.scope.latin1(),
                    its.scopeSchemaUrl.latin1());
            contextNumber = contexts.computeIfAbsent(context, first -> contexts.size());
        }
        return contextNumber;
    }

    private static List<AttributeKey> keys(String... names) {
        return Stream.of(names).map(AttributeKey::of).toList();
    }
}
