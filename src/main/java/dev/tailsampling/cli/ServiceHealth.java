package dev.tailsampling.cli;

import dev.tailsampling.admin.Health;
import dev.tailsampling.admin.HealthComponent;
import dev.tailsampling.admin.HealthComponent.Weight;
import dev.tailsampling.admin.TableBoard.State;
import dev.tailsampling.admin.TableBoard.TableState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a running instance depends on, and how its tables go. */
final class ServiceHealth {

    /** Table time that is behind by more than this is worth a look. */
    private static final Duration LONG_LAG = Duration.ofMinutes(15);

    private ServiceHealth() {}

    static Health of(Workspace workspace, InstanceBoard board, ExportOptions export,
            Optional<TopicSampling> topic) {
        List<HealthComponent> components = new ArrayList<>();
        components.add(new HealthComponent("catalog", Weight.CRITICAL, workspace::catalogProblem));
        components.add(new HealthComponent("object_store", Weight.CRITICAL, workspace::objectStoreProblem));
        components.add(new HealthComponent("sql", workspace.shared().isPresent() ? Weight.MINOR : Weight.CRITICAL,
                workspace.state().operations()::problem));
        components.add(new HealthComponent("control_log", Weight.MINOR, workspace.controlLog()::problem));
        workspace.shared().ifPresent(
                shared -> components.add(new HealthComponent("redis", Weight.MINOR, shared::problem)));
        topic.ifPresent(sampling -> components.add(new HealthComponent("kafka", Weight.MINOR, sampling::problem)));
        components.add(new HealthComponent("exporters", Weight.MINOR, export::problem));
        components.add(new HealthComponent("tables", Weight.MINOR, () -> failing(board)));
        components.add(new HealthComponent("lag", Weight.MINOR, () -> lagging(board, workspace)));
        return new Health(components, workspace.clock(), Health.STANDARD_TIMEOUT, Health.STANDARD_FRESHNESS);
    }

    private static Optional<String> failing(InstanceBoard board) {
        return joined(board.tables().stream().filter(table -> table.state() == State.FAILING)
                .map(table -> table.table() + ": " + table.problem()).toList());
    }

    private static Optional<String> lagging(InstanceBoard board, Workspace workspace) {
        return joined(board.tables().stream().filter(table -> table.state() == State.SAMPLING)
                .filter(table -> lag(table, workspace).compareTo(LONG_LAG) > 0)
                .map(table -> "table time of " + table.table() + " is " + lag(table, workspace).toSeconds()
                        + " s behind the clock")
                .toList());
    }

    private static Duration lag(TableState table, Workspace workspace) {
        return table.tableTime() == null
                ? Duration.ZERO
                : Duration.between(table.tableTime(), workspace.clock().instant());
    }

    private static Optional<String> joined(List<String> sentences) {
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(sentences.stream().collect(Collectors.joining("; ")));
    }
}
