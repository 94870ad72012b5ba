package dev.tailsampling.config;

import dev.tailsampling.config.StorageConfig.StorageType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration. Immutable; made by {@link ConfigLoader}.
 *
 * @param policies the {@code policies} list of the configuration file; null if it has none
 */
public record SelectorConfig(
        @Section("app") AppConfig app,
        @Section("kafka") KafkaConfig kafka,
        @Section("redis") RedisConfig redis,
        @Section("datadog") DatadogConfig datadog,
        @Section("sampling") SamplingConfig sampling,
        @Section("force_sampling") ForceSamplingConfig forceSampling,
        @Section("span_compression") SpanCompressionConfig spanCompression,
        @Section("observability") ObservabilityConfig observability,
        @Section("storage") StorageConfig storage,
        @Section("export") ExportConfig export,
        @Section("control_plane") ControlPlaneConfig controlPlane,
        @Section("admin") AdminConfig admin,
        @Nullable ListedPolicies policies) {

    static final ConfigKeys KEYS = ConfigKeys.of(SelectorConfig.class, "");

    /** The configuration when nobody sets anything. */
    public static SelectorConfig defaults() {
        return of(new Settings());
    }

    static SelectorConfig of(Settings settings) {
        return new RecordBinder(KEYS, settings).bind(SelectorConfig.class, "");
    }

    SelectorConfig withPolicies(ListedPolicies listed) {
        return new SelectorConfig(app, kafka, redis, datadog, sampling, forceSampling, spanCompression, observability,
                storage, export, controlPlane, admin, listed);
    }

    /**
     * The policies that this configuration asks for: its {@code policies} list, else the policies file, else the
     * switches under {@code sampling}. Reads the policies file, if there is one.
     *
     * @throws PolicyException if the file cannot be read or used
     */
    public ParsedPolicies readPolicies() {
        if (policies != null) {
            return withoutSwitches(policies.parsed(), "the configuration has a policies list");
        }
        return sampling.policiesFile() == null
                ? new SwitchPolicies(sampling).parsed()
                : withoutSwitches(PolicyFile.read(sampling.policiesFile()).parse(), "sampling.policies_file is set");
    }

    /**
     * The same policies as a file of their own, from which they can be read again.
     *
     * @throws PolicyException if there is a policies file that cannot be read
     */
    public PolicyFile policyFile() {
        if (policies == null && sampling.policiesFile() != null) {
            return PolicyFile.read(sampling.policiesFile());
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        if (policies == null) {
            tree.put("sampling", EffectiveYaml.tree(sampling));
        } else {
            tree.put(ListedPolicies.KEY, policies.plain());
        }
        return new PolicyFile("the configuration", EffectiveYaml.text(tree));
    }

    private ParsedPolicies withoutSwitches(ParsedPolicies parsed, String why) {
        return sampling.sameSwitches(defaults().sampling())
                ? parsed
                : parsed.withWarning("the switches under sampling are not used, because " + why);
    }

    /** What is allowed but probably not meant, one sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (redis.traceTtl().compareTo(app.maxTraceDuration()) < 0) {
            warnings.add("redis.trace_ttl_secs (" + redis.traceTtl().toSeconds() + ") is less than "
                    + "app.max_trace_duration_secs (" + app.maxTraceDuration().toSeconds()
                    + "): spans that come after their trace was decided may start it anew");
        }
        if (app.maxTraceDuration().compareTo(app.inactivityTimeout()) < 0) {
            warnings.add("app.max_trace_duration_secs (" + app.maxTraceDuration().toSeconds() + ") is less than "
                    + "app.inactivity_timeout_secs (" + app.inactivityTimeout().toSeconds()
                    + "): traces that last longer are decided before they are quiet");
        }
        if (!kafka.enabled() && storage.storageType() != StorageType.MEMORY
                && !kafka.brokers().equals(defaults().kafka().brokers())) {
            warnings.add("kafka.brokers is set, but kafka.enabled is false: no topic is read, only tables");
        }
        return warnings;
    }

    /**
     * The secrets in it, the longest first, for hiding them wherever they may turn up; without those of a few characters
     * only. Never to be shown.
     */
    public List<String> secrets() {
        return SecretValues.of(this);
    }

    /** The effective configuration as YAML that could be loaded again, but for the secrets, which are {@code ***}. */
    public String masked() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(EffectiveYaml.tree(this));
        if (policies != null) {
            tree.put(ListedPolicies.KEY, policies.plain());
        }
        return EffectiveYaml.text(tree);
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
