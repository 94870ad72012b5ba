package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.MissingSourceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes on the board and logs how it goes with the tables; what is the same as before is not logged again. Thread-safe. */
final class ServiceWatcher implements TableWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceWatcher.class);
    private static final String STANDBY = "standby";

    private final InstanceBoard board;
    private final BiConsumer<Session, CycleReport> cycles;
    private final Map<String, String> said = new ConcurrentHashMap<>();

    /**
     * Has said nothing yet.
     *
     * @param cycles is told of each cycle, too
     */
    ServiceWatcher(InstanceBoard board, BiConsumer<Session, CycleReport> cycles) {
        this.board = board;
        this.cycles = cycles;
    }

    @Override
    public void cycle(Session session, CycleReport report) {
        if (said.remove(session.source()) != null) {
            LOG.info("{} is sampled again", session.source());
        }
        cycles.accept(session, report);
    }

    @Override
    public void standby(String table) {
        board.standby(table);
        if (!STANDBY.equals(said.put(table, STANDBY))) {
            LOG.info("{} is led by another instance; this one stands by", table);
        }
    }

    @Override
    public void failed(String table, RuntimeException failure) {
        String sentence = String.valueOf(failure.getMessage());
        if (failure instanceof MissingSourceException) {
            board.missing(table, sentence);
        } else {
            board.failed(table, sentence);
        }
        if (!sentence.equals(said.put(table, sentence))) {
            LOG.warn("a cycle of {} failed, the next attempt continues from the ledger: {}", table, sentence);
        }
        LOG.debug("a cycle of {} failed", table, failure);
    }
}
