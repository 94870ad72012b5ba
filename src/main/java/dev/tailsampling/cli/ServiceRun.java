package dev.tailsampling.cli;

import dev.tailsampling.admin.HealthRoutes;
import dev.tailsampling.selector.InstanceRun;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process in the control plane's list of runs, from its start to its end. */
final class ServiceRun {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceRun.class);

    private final Workspace workspace;
    private final InstanceRun run;

    private ServiceRun(Workspace workspace, InstanceRun run) {
        this.workspace = workspace;
        this.run = run;
    }

    /** Not on the list yet. */
    static ServiceRun of(Workspace workspace, ServicePlan plan) {
        InstanceRun run = new InstanceRun(UUID.randomUUID().toString(), workspace.config().app().instanceId(), host(),
                Main.version(), plan.tables().toString(), workspace.clock().instant(), null, null);
        return new ServiceRun(workspace, run);
    }

    /** Notes the beginning. That it cannot be noted is no reason not to begin. */
    void begin() {
        try {
            workspace.state().operations().begin(run);
        } catch (UncheckedIOException e) {
            LOG.warn("this run is not noted: {}", e.getMessage());
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** For health. */
    HealthRoutes.Process process() {
        return new HealthRoutes.Process(run.version(), run.instance(), run.startedAt());
    }

    /** Notes the end. That it cannot be noted is no reason not to end. */
    void end(String how) {
        try {
            workspace.state().operations().end(run.runId(), workspace.clock().instant(), how);
        } catch (UncheckedIOException e) {
            LOG.warn("the end of this run is not noted: {}", e.getMessage());
        }
    }
}
