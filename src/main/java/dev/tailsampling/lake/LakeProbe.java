package dev.tailsampling.lake;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;

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
        return problem("asking the catalog", () -> catalog.find(ledger).isPresent());
    }

    /** Why the object store cannot be used, in one sentence; empty if it answers, or holds nothing of ours yet. */
    public Optional<String> objectStoreProblem() {
        return problem("asking the object store", () -> catalog.find(ledger).map(LakeProbe::isReadable).orElse(true));
    }

    private static boolean isReadable(Table table) {
        return !(table instanceof HasTableOperations operations)
                || table.io().newInputFile(operations.operations().current().metadataFileLocation()).exists();
    }

    private Optional<String> problem(String doing, Supplier<Boolean> question) {
        try {
            question.get();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(catalog.failure(e, doing).getMessage()));
        }
    }
}
