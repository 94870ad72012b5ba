package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A destination that remembers what it got and answers as a test wants; done unless told otherwise. Thread-safe. */
class ScriptedDestination implements TraceExporter {

    static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    private final String name;
    private final Queue<ExportOutcome> outcomes = new ArrayDeque<>();
    private final Queue<ExportOutcome> flushes = new ArrayDeque<>();
    private final List<SampledTrace> received = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    ScriptedDestination(String name) {
        this.name = name;
    }

    /** Of the next batches. */
    synchronized ScriptedDestination answers(ExportOutcome... next) {
        outcomes.addAll(List.of(next));
        return this;
    }

    /** Of the next flushes. */
    synchronized ScriptedDestination flushes(ExportOutcome... next) {
        flushes.addAll(List.of(next));
        return this;
    }

    /** Lets no batch end before the latch is open. */
    ScriptedDestination waitsFor(CountDownLatch latch) {
        gate = latch;
        return this;
    }

    /** Every part that arrived, whatever was answered. */
    List<SampledTrace> received() {
        return received;
    }

    /** Names of the groups that were begun, batches and flushes, in their order. */
    List<String> calls() {
        return calls;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void begin(String group) {
        calls.add("begin " + group);
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        calls.add("export " + batch.size());
        received.addAll(batch);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted");
        }
        return next(outcomes);
    }

    @Override
    public ExportOutcome flush() {
        calls.add("flush");
        return next(flushes);
    }

    private synchronized ExportOutcome next(Queue<ExportOutcome> scripted) {
        ExportOutcome outcome = scripted.poll();
        return outcome == null ? DONE : outcome;
    }

    @Override
    public void close() {
        calls.add("close");
    }
}
