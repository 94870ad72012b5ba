package dev.tailsampling.backfill;

import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionLog;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Enters runs into the control plane, and lets a run go on only as what it was entered as. */
public final class RunRegister {

    private final BackfillRuns runs;
    private final DecisionLog log;

    /** Reads nothing yet. */
    public RunRegister(BackfillRuns runs, DecisionLog log) {
        this.runs = runs;
        this.log = log;
    }

    /**
     * Enters a run, unless it is entered already.
     *
     * @param plan gives the slices of a new run
     * @return the run's slices
     * @throws BackfillException if the run was entered as another one, or is in the ledger and nowhere else
     */
    public List<BackfillSlice> enter(BackfillRun asked, Supplier<List<BackfillSlice>> plan) {
        Optional<BackfillRun> known = runs.find(asked.id());
        if (known.isPresent()) {
            refuseOther(known.get(), asked);
            List<BackfillSlice> slices = runs.slices(asked.id());
            if (known.get().finishedAt() == null) {
                refuseLost(asked, slices);
            }
            return slices;
        }
        if (asked.mode() != BackfillMode.DRY_RUN) {
            refuseUsedId(asked);
        }
        List<BackfillSlice> slices = plan.get();
        if (!runs.add(asked, slices)) {
            throw new BackfillException("run " + asked.id() + " was started by another process just now");
        }
        return slices;
    }

    private static void refuseOther(BackfillRun known, BackfillRun asked) {
        refuse(known, "table", known.table(), asked.table());
        refuse(known, "from", Instant.ofEpochMilli(known.fromMillisInclusive()),
                Instant.ofEpochMilli(asked.fromMillisInclusive()));
        refuse(known, "to", Instant.ofEpochMilli(known.toMillisExclusive()),
                Instant.ofEpochMilli(asked.toMillisExclusive()));
        refuse(known, "mode", known.mode().label(), asked.mode().label());
        refuse(known, "policies", known.policySet(), asked.policySet());
        refuse(known, "quietness", known.quiet(), asked.quiet());
    }

    private static void refuse(BackfillRun run, String what, Object was, Object is) {
        if (!Objects.equals(was, is)) {
            throw new BackfillException("run " + run.id() + " was started with " + what + " " + was + ", not " + is
                    + ": go on with the same, or give another --run-id");
        }
    }

    /** Whatever is done was recorded in the ledger, whose history remembers it for a while. */
    private void refuseLost(BackfillRun run, List<BackfillSlice> slices) {
        if (slices.stream().anyMatch(BackfillSlice::isDone) && log.latest(run.key().text()).isEmpty()) {
            throw new BackfillException("the ledger has forgotten how far run " + run.id()
                    + " came, as it stood still for days: start another run, which exports nothing twice");
        }
    }

    private void refuseUsedId(BackfillRun asked) {
        boolean[] found = {log.latest(asked.key().text()).isPresent()};
        if (!found[0]) {
            log.forEach(DecisionFilter.ofCycles(asked.key(), 0, Long.MAX_VALUE), decision -> found[0] = true);
        }
        if (found[0]) {
            throw new BackfillException("the ledger has decisions of a run " + asked.id()
                    + " that this home knows nothing of: give another --run-id");
        }
    }
}
