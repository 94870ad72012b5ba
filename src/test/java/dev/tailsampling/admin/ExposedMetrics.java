package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape showed, read from the text alone, and the sums that docs/METRICS.md promises. */
public final class ExposedMetrics {

    /**
     * One line.
     *
     * @param name of the series, with its suffix
     * @param labels by name
     */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** A metric's comment lines. */
    public record Family(String name, String type, String help) {}

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** Sums of series that are equal in every scrape. The right side's first term may be left out. */
    public static final List<Identity> IDENTITIES = List.of(
            new Identity(List.of("traces_ingested_total", "tail_sampling_traces_recovered_total"),
                    List.of("tail_sampling_traces_completed_total", "buffer_traces_current",
                            "tail_sampling_traces_released_total")),
            new Identity(List.of("spans_ingested_total", "tail_sampling_spans_recovered_total"),
                    List.of("tail_sampling_spans_sampled_total", "tail_sampling_spans_not_sampled_total",
                            "tail_sampling_spans_dropped_total", "tail_sampling_spans_late_total",
                            "tail_sampling_spans_open_after", "tail_sampling_spans_released_total")),
            new Identity(List.of("tail_sampling_traces_completed_total"),
                    List.of("traces_sampled_total", "tail_sampling_traces_not_sampled_total",
                            "tail_sampling_traces_dropped_total", "tail_sampling_traces_late_total")),
            new Identity(List.of("tail_sampling_policy_decisions_total"),
                    List.of("traces_sampled_total", "tail_sampling_traces_not_sampled_total",
                            "tail_sampling_traces_dropped_total")),
            new Identity(List.of("tail_sampling_spans_from_memory_total", "tail_sampling_spans_fetched_total"),
                    List.of("spans_exported_total", "tail_sampling_spans_refused_total",
                            "tail_sampling_spans_unconfirmed_total")));

    /** Sums of series on both sides. */
    public record Identity(List<String> left, List<String> right) {}

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Family> families = new LinkedHashMap<>();

    private ExposedMetrics() {}

    /** What a scrape shows. */
    public static ExposedMetrics of(ServiceMetrics metrics) {
        return of(metrics.scrape(ServiceMetrics.TEXT));
    }

    /** What a text shows. */
    public static ExposedMetrics of(String text) {
        ExposedMetrics exposed = new ExposedMetrics();
        text.lines().forEach(exposed::line);
        return exposed;
    }

    private void line(String line) {
        if (line.startsWith("# HELP ")) {
            String[] parts = line.split(" ", 4);
            families.put(parts[2], new Family(parts[2], "", parts.length < 4 ? "" : parts[3]));
        } else if (line.startsWith("# TYPE ")) {
            String[] parts = line.split(" ", 4);
            Family known = families.get(parts[2]);
            families.put(parts[2], new Family(parts[2], parts[3], known == null ? "" : known.help()));
        } else {
            Matcher matcher = SAMPLE.matcher(line);
            assertThat(matcher.matches()).as("a sample: %s", line).isTrue();
            samples.add(new Sample(matcher.group(1), labels(matcher.group(2)), Double.parseDouble(matcher.group(3))));
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher matcher = LABEL.matcher(text == null ? "" : text);
        while (matcher.find()) {
            labels.put(matcher.group(1), matcher.group(2));
        }
        return labels;
    }

    /** All lines that are no comments. */
    public List<Sample> samples() {
        return samples;
    }

    /** The metrics in the order of their names. */
    public List<Family> families() {
        return List.copyOf(families.values());
    }

    /** Names of the labels of a metric, those of buckets left out. */
    public Set<String> labels(Family family) {
        Set<String> labels = new TreeSet<>();
        samples.stream().filter(sample -> sample.name().equals(family.name())
                || sample.name().matches(Pattern.quote(family.name()) + "_(bucket|count|sum)"))
                .forEach(sample -> labels.addAll(sample.labels().keySet()));
        labels.remove("le");
        return labels;
    }

    /** Whether there is such a series. */
    public boolean has(String name, String... labels) {
        return samples.stream().anyMatch(sample -> matches(sample, name, labels));
    }

    /** The sum over all series of this name with these labels (name, value, name, value). */
    public double sum(String name, String... labels) {
        return samples.stream().filter(sample -> matches(sample, name, labels)).mapToDouble(Sample::value).sum();
    }

    private static boolean matches(Sample sample, String name, String... labels) {
        boolean matches = sample.name().equals(name);
        for (int i = 0; i < labels.length; i += 2) {
            matches &= labels[i + 1].equals(sample.labels().get(labels[i]));
        }
        return matches;
    }

    private double sum(List<String> names) {
        return names.stream().mapToDouble(this::sum).sum();
    }

    /** All that should add up does. */
    public ExposedMetrics assertIdentities(String description) {
        for (Identity identity : IDENTITIES) {
            assertThat(sum(identity.left())).as("%s = %s, %s", identity.left(), identity.right(), description)
                    .isEqualTo(sum(identity.right()));
        }
        return this;
    }

    /** No counter is less than it was in an earlier scrape. */
    public void assertNotBehind(ExposedMetrics earlier, String description) {
        for (Sample before : earlier.samples) {
            if (before.name().endsWith("_total") || before.name().matches(".*_(bucket|count)")) {
                String[] labels = before.labels().entrySet().stream()
                        .flatMap(label -> Arrays.stream(new String[]{label.getKey(), label.getValue()}))
                        .toArray(String[]::new);
                assertThat(sum(before.name(), labels)).as("%s %s, %s", before.name(), before.labels(), description)
                        .isGreaterThanOrEqualTo(before.value());
            }
        }
    }
}
