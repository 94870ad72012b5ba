package dev.tailsampling.datadog;

import dev.tailsampling.datadog.ApmKey.Source;
import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Groups spans by the names that they have in Datadog when they are kept, so that stats and traces match. Spans that are
 * not there as OTLP bytes are not counted. Not thread-safe.
 */
public final class ApmSpanKeys implements ApmKeys {

    /** What the Agent calls the environment that nobody named. */
    private static final String NO_ENV = "none";

    private final String hostname;
    private final String env;
    private final SpanNamer namer;
    private @Nullable AttributesView resource;
    private long generation = AttributesView.ALWAYS_NEW;
    private String resourceHostname = "";

    /**
     * Groups for spans.
     *
     * @param hostname host of spans whose resource names none, may be empty
     * @param env environment of spans that name none, may be empty
     * @param queryText removes what is private from the texts of queries, and what makes each of them another resource
     */
    public ApmSpanKeys(String hostname, String env, UnaryOperator<String> queryText) {
        this.hostname = hostname;
        this.env = env.isEmpty() ? NO_ENV : TagText.tag(env);
        this.namer = new SpanNamer(queryText);
    }

    @Override
    public @Nullable ApmKey of(SpanView span) {
        return span instanceof WireSpan wire ? of(wire) : null;
    }

    private ApmKey of(WireSpan span) {
        SpanNames names = namer.of(span);
        SemanticAttributes attributes = namer.attributes();
        String itsEnv = attributes.tag(SemanticAttribute.ENVIRONMENT_NAME, SemanticAttribute.ENVIRONMENT);
        Source source = new Source(hostnameOf(span.resource()), itsEnv.isEmpty() ? env : itsEnv,
                attributes.tag(SemanticAttribute.SERVICE_VERSION));
        return new ApmKey(source, names.service(), names.operation(), names.resource(), names.type(),
                span.kind().name().toLowerCase(Locale.ROOT), httpStatus(attributes), span.isRoot());
    }

    private String hostnameOf(AttributesView itsResource) {
        if (!itsResource.equals(resource) || itsResource.generation() != generation) {
            resource = itsResource;
            generation = itsResource.generation();
            resourceHostname = HostName.of(AttributeTexts.of(itsResource), hostname);
        }
        return resourceHostname;
    }

    private static int httpStatus(SemanticAttributes attributes) {
        String status =
                attributes.text(SemanticAttribute.HTTP_STATUS_CODE, SemanticAttribute.HTTP_RESPONSE_STATUS_CODE);
        boolean isNumber = !status.isEmpty() && status.length() <= 9
                && status.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(status) : 0;
    }
}
