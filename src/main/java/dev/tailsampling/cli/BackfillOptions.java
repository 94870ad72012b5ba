package dev.tailsampling.cli;

import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which run is to be started, or to go on. */
final class BackfillOptions {

    private static final Pattern RUN_ID = Pattern.compile("[\\w.-]{1,64}");
    private static final int RUN_ID_LENGTH = 8;

    @Option(names = "--from", paramLabel = "TIME", description = {
            "Traces whose first span arrived from then on (inclusive): an instant like 2026-05-01T12:00:00Z,",
            "a date (midnight UTC), or so long ago: -7d, -2h, -30m. A run that goes on needs it not."})
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "And before then (exclusive).")
    private @Nullable String to;

    @Option(names = "--mode", paramLabel = "MODE", description = {
            "dry-run (default) counts what the policies would keep, and writes nothing at all;",
            "record writes the decisions to the ledger, under the run's id;",
            "export also exports kept traces that neither the scanner nor another export run has exported."})
    private @Nullable String mode;

    @Option(names = "--run-id", paramLabel = "ID", description = {
            "Names the run, or the run that is to go on after it was interrupted; by default a new name.",
            "A dry run has none, and begins anew."})
    private @Nullable String runId;

    @Option(names = "--slice", paramLabel = "SECONDS", description = {
            "Length of the slices in which the range is read; by default as much as",
            "storage.iceberg.max_bytes_per_cycle allows. A run that goes on keeps its slices."})
    private @Nullable Integer sliceSeconds;

    /** The run that is to go on, null for a new one. */
    @Nullable
    String runId() {
        if (runId != null && !RUN_ID.matcher(runId).matches()) {
            throw new UsageException("--run-id is made of up to 64 letters, digits, dots, dashes and underscores: "
                    + runId);
        }
        if (runId != null && mode() == BackfillMode.DRY_RUN && mode != null) {
            throw new UsageException("a dry run cannot go on, so it takes no --run-id");
        }
        return runId;
    }

    /** The mode that is asked for. */
    BackfillMode mode() {
        return mode == null
                ? BackfillMode.DRY_RUN
                : Arrays.stream(BackfillMode.values()).filter(known -> known.label().equals(mode)).findFirst()
                        .orElseThrow(() -> new UsageException("--mode is one of " + Arrays.stream(BackfillMode.values())
                                .map(BackfillMode::label).collect(Collectors.joining(", ")) + ": " + mode));
    }

    /** The mode, where a run that is known is asked for without one. */
    BackfillMode mode(@Nullable BackfillRun known) {
        if (mode == null && runId != null && known == null) {
            throw new UsageException("there is no run " + runId + " yet: start it with --mode record or export");
        }
        return mode == null && known != null ? known.mode() : mode();
    }

    /** Start of the range. */
    Instant from(@Nullable BackfillRun known, Instant now) {
        return time("--from", from, known == null ? null : known.fromMillisInclusive(), now);
    }

    /** End of the range, after its start and not in the future. */
    Instant to(@Nullable BackfillRun known, Instant now) {
        Instant end = time("--to", to, known == null ? null : known.toMillisExclusive(), now);
        if (end.isAfter(now)) {
            throw new UsageException("--to is in the future: " + end);
        }
        Instant start = from(known, now);
        if (!start.isBefore(end)) {
            throw new UsageException("--from must be before --to, but " + start + " is not before " + end);
        }
        return end;
    }

    private static Instant time(String option, @Nullable String text, @Nullable Long known, Instant now) {
        if (text != null) {
            Instant time = TimeOption.parse(option, text, now);
            if (time.isBefore(Instant.EPOCH)) {
                throw new UsageException(option + " is before 1970: " + time);
            }
            return time;
        }
        if (known == null) {
            throw new UsageException("a backfill needs --from and --to; " + option + " is missing");
        }
        return Instant.ofEpochMilli(known);
    }

    /** Length of the slices, null for the default. */
    @Nullable
    Duration slice() {
        if (sliceSeconds != null && sliceSeconds < 1) {
            throw new UsageException("--slice must be at least 1 second: " + sliceSeconds);
        }
        return sliceSeconds == null ? null : Duration.ofSeconds(sliceSeconds);
    }

    static String newRunId() {
        return UUID.randomUUID().toString().substring(0, RUN_ID_LENGTH);
    }
}
