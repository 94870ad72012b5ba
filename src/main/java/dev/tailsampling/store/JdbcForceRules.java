package dev.tailsampling.store;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleText;
import dev.tailsampling.selector.RuleChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;

/** Force rules as documents in a relational database. Thread-safe. */
final class JdbcForceRules implements ForceRuleCopy {

    private static final String REVISION = "SELECT COALESCE(MAX(change_id), 0) FROM force_rule_changes";
    private static final String LIST = "SELECT document FROM force_rules";
    private static final String GET = "SELECT document FROM force_rules WHERE rule_id = :id";
    private static final String ADD = "INSERT INTO force_rules (rule_id, document) VALUES (:id, :document) "
            + "ON CONFLICT DO NOTHING";
    private static final String REPLACE = "UPDATE force_rules SET document = :document WHERE rule_id = :id";
    private static final String DELETE = "DELETE FROM force_rules WHERE rule_id = :id";
    private static final String NOTE = """
            INSERT INTO force_rule_changes (change_id, rule_id, change_kind, changed_by, changed_at, document)
            SELECT COALESCE(MAX(change_id), 0) + 1, :id, :kind, :author, :now, :document FROM force_rule_changes""";
    private static final String CHANGES = """
            SELECT change_kind, changed_by, changed_at, document FROM force_rule_changes
            WHERE rule_id = :id ORDER BY change_id""";
    private static final String SHARED_REVISION = "SELECT COALESCE(MAX(revision), 0) FROM shared_rules_revision";
    private static final String MEET_SHARED_REVISION = """
            INSERT INTO shared_rules_revision (only_row, revision) VALUES (1, :revision)
            ON CONFLICT (only_row) DO UPDATE SET revision = excluded.revision
            WHERE excluded.revision > shared_rules_revision.revision""";

    private final Database database;
    private final ForceRuleText text;
    private final InstantSource clock;

    JdbcForceRules(Database database, ForceRuleText text, InstantSource clock) {
        this.database = database;
        this.text = text;
        this.clock = clock;
    }

    @Override
    public long revision() {
        return database.read(handle -> handle.createQuery(REVISION).mapTo(Long.class).one());
    }

    @Override
    public List<ForceRule> list() {
        List<String> documents = database.read(handle -> handle.createQuery(LIST).mapTo(String.class).list());
        return documents.stream().map(text::read).sorted(ForceRule.ORDER).toList();
    }

    @Override
    public Optional<ForceRule> get(String id) {
        return database.read(handle -> find(handle, id)).map(text::read);
    }

    private static Optional<String> find(Handle handle, String id) {
        return handle.createQuery(GET).bind("id", id).mapTo(String.class).findOne();
    }

    @Override
    public boolean add(ForceRule rule, String author) {
        return write(handle -> {
            String document = text.write(rule);
            boolean added =
                    handle.createUpdate(ADD).bind("id", rule.id()).bind("document", document).execute() == 1;
            if (added) {
                note(handle, rule.id(), RuleChange.Kind.ADDED, author, document);
            }
            return added;
        });
    }

    @Override
    public Optional<ForceRule> change(String id, RuleChange.Kind kind, UnaryOperator<ForceRule> change,
            String author) {
        return write(handle -> find(handle, id).map(text::read).map(change).map(changed -> {
            String document = text.write(changed);
            handle.createUpdate(REPLACE).bind("id", id).bind("document", document).execute();
            note(handle, id, kind, author, document);
            return changed;
        }));
    }

    @Override
    public boolean delete(String id, String author) {
        return write(handle -> find(handle, id).map(document -> {
            note(handle, id, RuleChange.Kind.DELETED, author, document);
            return handle.createUpdate(DELETE).bind("id", id).execute();
        }).isPresent());
    }

    /** One change after the other: each reads the rule that it changes, and counts the changes before it. */
    private <T> T write(HandleCallback<T, RuntimeException> statements) {
        return database.writeAndGet(handle -> {
            WriteLock.RULES.take(handle);
            return statements.withHandle(handle);
        });
    }

    private void note(Handle handle, String id, RuleChange.Kind kind, String author, String document) {
        handle.createUpdate(NOTE).bind("id", id).bind("kind", kind.name().toLowerCase(Locale.ROOT))
                .bind("author", author).bind("now", clock.millis()).bind("document", document).execute();
    }

    @Override
    public List<RuleChange> changes(String id) {
        return database.read(handle -> handle.createQuery(CHANGES).bind("id", id)
                .map((row, context) -> new RuleChange(Instant.ofEpochMilli(row.getLong("changed_at")),
                        row.getString("changed_by"),
                        RuleChange.Kind.valueOf(row.getString("change_kind").toUpperCase(Locale.ROOT)),
                        text.read(row.getString("document"))))
                .list());
    }

    @Override
    public long sharedRevision() {
        return database.read(handle -> handle.createQuery(SHARED_REVISION).mapTo(Long.class).one());
    }

    @Override
    public void meetSharedRevision(long revision) {
        database.write(handle -> handle.createUpdate(MEET_SHARED_REVISION).bind("revision", revision).execute());
    }
}
