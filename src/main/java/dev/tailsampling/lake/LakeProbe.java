package dev.tailsampling.lake;

import java.util.Optional;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;

/** Asks the catalog and the object store for the ledger, to see whether they answer. Thread-safe. */
public final class LakeProbe {

    private final LakeCatalog catalog;
    private final TableName ledger;

    /**
     * Asks nothing yet.
     *
     * @param namespace where the ledger is, or is to be
     */
    public LakeProbe(LakeCatalog catalog, String namespace) {
        this.catalog = catalog;
        this.ledger = TableName.in(namespace, LedgerSchema.TABLE);
    }

    /** Why the catalog cannot be used, in one sentence; empty if it answers. */
    public Optional<String> catalogProblem() {
        return problem("asking the catalog", () -> catalog.find(ledger));
    }

    /** Why the object store cannot be used, in one sentence; empty if it answers, or holds nothing of ours yet. */
    public Optional<String> objectStoreProblem() {
        return problem("asking the object store", () -> catalog.find(ledger).ifPresent(LakeProbe::look));
    }

    private static void look(Table table) {
        if (table instanceof HasTableOperations operations) {
            String metadata = operations.operations().current().metadataFileLocation();
            if (!table.io().newInputFile(metadata).exists()) {
                throw new NotFoundException("the ledger's metadata file %s is not there", metadata);
            }
        }
    }

    private Optional<String> problem(String doing, Runnable question) {
        try {
            question.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(catalog.failure(e, doing).getMessage()));
        }
    }
}
