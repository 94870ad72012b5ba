package dev.tailsampling.lake;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/** A catalog in memory whose next commits go wrong as told. */
final class FaultyCatalog extends InMemoryCatalog {

    /** What happens to a commit. */
    enum Fault {
        /** It is done, but the answer is lost. */
        ANSWER_LOST,
        /** It is not done, and the answer is lost. */
        REQUEST_LOST,
        /** Somebody else was faster. */
        CONFLICT
    }

    private final Queue<Fault> faults = new ArrayDeque<>();
    private final @Nullable FileIO files;
    private Runnable beforeRefresh = () -> {};
    private boolean goesAway;
    private boolean away;

    /** All files are in memory. */
    FaultyCatalog() {
        this(null);
    }

    /** Data files and manifests are where this puts them, unless it is null. */
    FaultyCatalog(@Nullable FileIO files) {
        this.files = files;
    }

    static TestLake lake(FaultyCatalog catalog) {
        catalog.initialize("faulty", Map.of());
        return TestLake.of(catalog);
    }

    void next(Fault fault, int times) {
        for (int i = 0; i < times; i++) {
            faults.add(fault);
        }
    }

    /** Something to happen when a commit that is under way looks at the table's newest state. */
    void onNextRefresh(Runnable action) {
        beforeRefresh = action;
    }

    /** No table can be loaded after the next commit. */
    void goAwayAfterCommit() {
        goesAway = true;
    }

    void comeBack() {
        away = false;
    }

    @Override
    public Table loadTable(TableIdentifier identifier) {
        if (away) {
            throw new IllegalStateException("the catalog is away");
        }
        return super.loadTable(identifier);
    }

    int left() {
        return faults.size();
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier identifier) {
        return new FaultyOperations(super.newTableOps(identifier));
    }

    private final class FaultyOperations implements TableOperations {

        private final TableOperations delegate;

        FaultyOperations(TableOperations delegate) {
            this.delegate = delegate;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            Fault fault = base == null ? null : faults.poll();
            if (fault == Fault.CONFLICT) {
                throw new CommitFailedException("somebody was faster");
            }
            if (fault != Fault.REQUEST_LOST) {
                delegate.commit(base, metadata);
                away = goesAway;
                goesAway = false;
            }
            if (fault != null) {
                throw new CommitStateUnknownException(new IllegalStateException("no answer"));
            }
        }

        @Override
        public TableMetadata current() {
            return delegate.current();
        }

        @Override
        public TableMetadata refresh() {
            Runnable action = beforeRefresh;
            beforeRefresh = () -> {};
            action.run();
            return delegate.refresh();
        }

        @Override
        public FileIO io() {
            return files == null ? delegate.io() : files;
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return delegate.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return LocationProviders.locationsFor(current().location(), current().properties());
        }
    }
}
