package dev.tailsampling.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code control_plane}: the SQL database of policies, rules and their audit, reports and runs. */
public record ControlPlaneConfig(
        @Setting(doc = "jdbc:postgresql://host/database; not set for the embedded database under --home.",
                key = "url", mayHoldSecret = true) @Nullable String url,
        @Setting(doc = "User of the database.",
                key = "username") @Nullable String username,
        @Setting(doc = "Password of that user.",
                key = "password") @Nullable Secret password,
        @Setting(doc = "Connections at most.",
                key = "pool_size", standard = "4", min = 1, max = 1000) int poolSize,
        @Setting(doc = "How long reports of cycles and ended runs are kept.",
                key = "keep_reports_secs", standard = "2592000", min = 1) Duration keepReports) {

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
