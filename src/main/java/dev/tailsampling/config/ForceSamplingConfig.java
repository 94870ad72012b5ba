package dev.tailsampling.config;

import java.time.Duration;

/** Keys under {@code force_sampling}: rules that override policies for a while. */
public record ForceSamplingConfig(
        @Setting(doc = "Whether force rules count.",
                key = "enabled", standard = "true") boolean enabled,
        @Setting(doc = "Pause between two looks at the rules.",
                key = "poll_interval_secs", standard = "5", min = 1) Duration pollInterval,
        @Setting(doc = "Whether changes are told at once through Redis.",
                key = "use_pubsub", standard = "true") boolean usePubsub,
        @Setting(doc = "Channel on which they are told.",
                key = "pubsub_channel", standard = "tss:force_rules:updates") String pubsubChannel) {}
