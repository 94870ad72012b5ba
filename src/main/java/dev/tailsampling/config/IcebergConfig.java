package dev.tailsampling.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys under {@code storage.iceberg}: the table of spans and its catalog. */
public record IcebergConfig(
        @Setting(doc = "REST catalog, or a database as jdbc: URL; not set for the embedded catalog under --home.",
                key = "catalog_uri", mayHoldSecret = true) @Nullable String catalogUri,
        @Setting(doc = "Warehouse: the name that a REST catalog knows, or where a jdbc: catalog keeps tables.",
                key = "warehouse") @Nullable String warehouse,
        @Setting(doc = "Name by which the database of a jdbc: catalog keeps its tables apart from others'.",
                key = "catalog_name", standard = "lake") String catalogName,
        @Setting(doc = "OAuth2 client of a REST catalog, id:secret; a token is had for it and renewed.",
                key = "credential") @Nullable Secret credential,
        @Setting(doc = "Bearer token to begin with, or for good where there is no client.",
                key = "token") @Nullable Secret token,
        @Setting(doc = "Where tokens are had; not set for the catalog's own /v1/oauth/tokens.",
                key = "oauth2_server_uri") @Nullable String oauth2ServerUri,
        @Setting(doc = "OAuth2 scope of the token, such as lakekeeper or catalog.",
                key = "scope") @Nullable String scope,
        @Setting(doc = "How a REST catalog lets us read its files; vended-credentials unless access keys are set.",
                key = "access_delegation") @Nullable AccessDelegation accessDelegation,
        @Setting(doc = "Namespace of the table.",
                key = "namespace", standard = "default") String namespace,
        @Setting(doc = "The table; AutoMQ names it after the topic.",
                key = "table_name", standard = "otel-traces-raw") String tableName,
        @Setting(doc = "Tables for run and scan instead of that one, namespace.table; * and ? match any characters.",
                key = "tables") List<String> tables,
        @Setting(doc = "Pause between two cycles of a table, by name or pattern; the first that matches counts.",
                key = "table_intervals", min = 0) Map<String, Duration> tableIntervals,
        @Setting(doc = "Layout of the table: auto, a name from catalog/README.md, or your mapping file (.yaml).",
                key = "layout", standard = "auto") String layout,
        @Setting(doc = "Object store, unless it is Amazon's.",
                key = "s3_endpoint") @Nullable String s3Endpoint,
        @Setting(doc = "Access key of the object store.",
                key = "s3_access_key_id") @Nullable Secret s3AccessKeyId,
        @Setting(doc = "Secret of that access key.",
                key = "s3_secret_access_key") @Nullable Secret s3SecretAccessKey,
        @Setting(doc = "Region of the object store; us-east-1 if only an endpoint is set.",
                key = "s3_region") @Nullable String s3Region,
        @Setting(doc = "Whether the bucket stands in the path, as MinIO wants it, not in the host name.",
                key = "s3_path_style", standard = "true") boolean s3PathStyle,
        @Setting(doc = "Project of a Lakekeeper catalog, sent as x-project-id.",
                key = "project_id") @Nullable String projectId,
        @Setting(doc = "Further properties of Iceberg, passed on.",
                key = "properties", mayHoldSecret = true) Map<String, String> properties,
        @Setting(doc = "How far table time stays behind the table's watermark.",
                key = "watermark_slack_secs", standard = "0", min = 0) Duration watermarkSlack,
        @Setting(doc = "Whether table time goes on while nothing arrives, so that the last traces are decided.",
                key = "idle_advance", standard = "true") boolean idleAdvance,
        @Setting(doc = "Nothing arrives when the table did not change for this long.",
                key = "idle_after_secs", standard = "120", min = 0) Duration idleAfter,
        @Setting(doc = "Size of the data files that one cycle reads at most.",
                key = "max_bytes_per_cycle", standard = "4294967296", min = 1) long maxBytesPerCycle,
        @Setting(doc = "Memory for spans of open traces, at most a quarter of the heap; 0 reads kept ones again.",
                key = "span_cache_bytes", standard = "268435456", min = 0) long spanCacheBytes) {

    /** What is asked of a REST catalog in the header {@code X-Iceberg-Access-Delegation}. */
    public enum AccessDelegation {
        /** Credentials of the object store that hold for one table and a while. */
        VENDED_CREDENTIALS,
        /** The catalog signs each request to the object store. */
        REMOTE_SIGNING,
        /** Neither: this process has credentials of its own. */
        CLIENT_MANAGED;

        /** As the header and the configuration spell it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public IcebergConfig {
        tables = List.copyOf(tables);
        tableIntervals = Collections.unmodifiableMap(new LinkedHashMap<>(tableIntervals));
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
