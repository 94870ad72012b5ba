package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sends each trace to several destinations at the same time, or to some of them if there are routes. If one
 * outcome is unknown, the whole is; it is refused if nobody has taken anything.
 *
 * <p>Where a destination's outcome is unknown, it gets nothing more of the group; the others get all of it. When the
 * group comes again, those that have taken all of it, {@link #flush} included, get nothing of it: so a destination that is
 * well has no repeats because another one is away. This is remembered in memory, for the last groups only.
 *
 * <p>Not thread-safe, but several of these may share exporters that are.
 */
public final class MultiExporter implements TraceExporter {

    private static final int MOST_GROUPS = 1_000;
    private static final int MOST_TRACES = 200_000;

    private final List<TraceExporter> exporters;
    private final TraceRoutes routes;
    private final UnfinishedGroups groups;
    private String groupName = "";
    private GroupDelivery group = new GroupDelivery();

    /**
     * Sends everything to all. Closing this closes the exporters.
     *
     * @param exporters at least one, with names of their own
     */
    public MultiExporter(List<TraceExporter> exporters) {
        this(exporters, TraceRoutes.toAll(exporters.stream().map(TraceExporter::name).toList()));
    }

    /**
     * Sends each trace where the routes say. Closing this closes the exporters.
     *
     * @param exporters at least one, with names of their own
     * @param routes to these exporters by their names
     */
    public MultiExporter(List<TraceExporter> exporters, TraceRoutes routes) {
        this(exporters, routes, new UnfinishedGroups(MOST_GROUPS, MOST_TRACES));
    }

    MultiExporter(List<TraceExporter> exporters, TraceRoutes routes, UnfinishedGroups groups) {
        if (exporters.isEmpty()) {
            throw new IllegalArgumentException("there is nowhere to export to");
        }
        Set<String> names = exporters.stream().map(TraceExporter::name).collect(Collectors.toSet());
        if (names.size() < exporters.size()) {
            throw new IllegalArgumentException("two destinations have one name");
        }
        if (!names.containsAll(routes.destinations())) {
            throw new IllegalArgumentException(
                    "a route goes to one of " + routes.destinations() + " that is not among " + names);
        }
        this.exporters = List.copyOf(exporters);
        this.routes = routes;
        this.groups = groups;
    }

    /** The names of all, "file+otlp_http". */
    @Override
    public String name() {
        return exporters.stream().map(TraceExporter::name).collect(Collectors.joining("+"));
    }

    @Override
    public void begin(String name) {
        groupName = name;
        group = groups.begin(name);
        open().forEach(exporter -> exporter.begin(name));
    }

    private List<TraceExporter> open() {
        return exporters.stream().filter(exporter -> group.isOpen(exporter.name())).toList();
    }

    @Override
    public boolean wantsMore() {
        return !open().isEmpty();
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        Map<String, List<SampledTrace>> shares = new LinkedHashMap<>();
        for (SampledTrace trace : batch) {
            group.route(trace, routes).forEach(
                    name -> shares.computeIfAbsent(name, unseen -> new ArrayList<>()).add(trace));
        }
        Map<TraceExporter, Supplier<ExportOutcome>> calls = new LinkedHashMap<>();
        open().stream().filter(exporter -> shares.containsKey(exporter.name())).forEach(exporter -> {
            List<SampledTrace> share = shares.getOrDefault(exporter.name(), List.of());
            calls.put(exporter, () -> exporter.export(share));
        });
        return ofBatch(ask(calls), batch, shares);
    }

    private ExportOutcome ofBatch(Answers answers, List<SampledTrace> batch, Map<String, List<SampledTrace>> shares) {
        if (group.hasLost()) {
            return new ExportOutcome.Unknown(group.losses());
        }
        if (answers.refused.isEmpty()) {
            return new ExportOutcome.Exported(answers.rejectedSpans, answers.lostSpans(), answers.message());
        }
        List<SampledTrace> nobodys = batch.stream().filter(trace -> isRefusedEverywhere(trace, answers)).toList();
        if (nobodys.size() == batch.size()) {
            return new ExportOutcome.Refused(answers.message());
        }
        long rejected = answers.refused.stream().mapToLong(name -> spans(shares.getOrDefault(name, List.of()))).max()
                .orElse(0);
        return new ExportOutcome.Exported(Math.max(rejected, answers.rejectedSpans),
                Math.max(spans(nobodys), answers.lostSpans()), answers.message());
    }

    private boolean isRefusedEverywhere(SampledTrace trace, Answers answers) {
        Set<String> wanted = group.route(trace, routes);
        return !wanted.isEmpty() && answers.refused.containsAll(wanted);
    }

    private static long spans(List<SampledTrace> traces) {
        return traces.stream().mapToLong(SampledTrace::spanCount).sum();
    }

    @Override
    public ExportOutcome flush() {
        Map<TraceExporter, Supplier<ExportOutcome>> calls = new LinkedHashMap<>();
        open().forEach(exporter -> calls.put(exporter, exporter::flush));
        Answers answers = ask(calls);
        ExportOutcome outcome = ofFlush(answers);
        open().forEach(exporter -> group.take(exporter.name()));
        if (!group.hasLost()) {
            groups.finish(groupName);
        }
        // What follows belongs to another group, even if nobody names it.
        group = new GroupDelivery();
        return outcome;
    }

    private ExportOutcome ofFlush(Answers answers) {
        if (group.hasLost()) {
            return new ExportOutcome.Unknown(group.losses());
        }
        return answers.refused.isEmpty()
                ? new ExportOutcome.Exported(answers.rejectedSpans, answers.lostSpans(), answers.message())
                : new ExportOutcome.Refused(answers.message());
    }

    /** What those said whose outcome is known. */
    private static final class Answers {

        private final Set<String> refused = new HashSet<>();
        private final List<String> messages = new ArrayList<>();
        /** Not the sum: a span that two of them reject is still one span. */
        private long rejectedSpans;
        /** The least that one of them rejected, for the others may have taken what is more. */
        private long leastRejectedSpans = Long.MAX_VALUE;

        void refused(String name, String reason) {
            refused.add(name);
            messages.add(name + ": " + reason);
        }

        void exported(String name, ExportOutcome.Exported outcome) {
            rejectedSpans = Math.max(rejectedSpans, outcome.rejectedSpans());
            leastRejectedSpans = Math.min(leastRejectedSpans, outcome.lostSpans());
            if (!outcome.message().isEmpty()) {
                messages.add(name + ": " + outcome.message());
            }
        }

        long lostSpans() {
            return Math.min(rejectedSpans, leastRejectedSpans);
        }

        String message() {
            return String.join("; ", messages);
        }
    }

    /** Asks all at the same time, and notes whose outcome is unknown. */
    private Answers ask(Map<TraceExporter, Supplier<ExportOutcome>> calls) {
        Answers answers = new Answers();
        for (var answer : SimultaneousCalls.of(calls).entrySet()) {
            String name = answer.getKey().name();
            switch (answer.getValue()) {
                case ExportOutcome.Unknown outcome -> group.lose(name, outcome.reason());
                case ExportOutcome.Refused outcome -> answers.refused(name, outcome.reason());
                case ExportOutcome.Exported outcome -> answers.exported(name, outcome);
            }
        }
        return answers;
    }

    /** Closes all, whatever one of them throws; the first failure is thrown at the end. */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (TraceExporter exporter : exporters) {
            try {
                exporter.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
