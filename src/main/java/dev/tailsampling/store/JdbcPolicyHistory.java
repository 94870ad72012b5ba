package dev.tailsampling.store;

import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.PolicyHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Activations of policy sets in a relational database. Thread-safe. */
final class JdbcPolicyHistory implements PolicyHistory {

    /** One statement, so that of several processes that know the same one comes through. */
    private static final String ACTIVATE = """
            INSERT INTO policy_activations
              (activation_number, activated_at, activated_by, origin, version, policy_text)
            SELECT :number, :at, :author, :origin, :version, :text
            WHERE (SELECT COALESCE(MAX(activation_number), 0) FROM policy_activations) = :known
            ON CONFLICT DO NOTHING""";
    private static final String ACTIVATIONS = """
            SELECT activation_number, activated_at, activated_by, origin, version, policy_text
            FROM policy_activations""";
    private static final String LIST = ACTIVATIONS + " ORDER BY activation_number DESC LIMIT :limit";
    private static final String NEWEST_OF_ORIGIN =
            ACTIVATIONS + " WHERE origin = :origin ORDER BY activation_number DESC LIMIT 1";

    private final Database database;
    private final InstantSource clock;

    JdbcPolicyHistory(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Optional<PolicyActivation> activate(long known, Origin origin, String author, String version,
            String text) {
        PolicyActivation activation = new PolicyActivation(known + 1, clock.instant().truncatedTo(ChronoUnit.MILLIS),
                author, origin, version, text);
        boolean added = database.writeAndGet(handle -> handle.createUpdate(ACTIVATE)
                .bind("number", activation.number()).bind("at", activation.at().toEpochMilli())
                .bind("author", author).bind("origin", word(origin)).bind("version", version).bind("text", text)
                .bind("known", known).execute() == 1);
        return added ? Optional.of(activation) : Optional.empty();
    }

    @Override
    public Optional<PolicyActivation> newest() {
        return list(1).stream().findFirst();
    }

    @Override
    public Optional<PolicyActivation> newest(Origin origin) {
        return database.read(handle -> handle.createQuery(NEWEST_OF_ORIGIN).bind("origin", word(origin))
                .map((row, context) -> activation(row)).findOne());
    }

    @Override
    public List<PolicyActivation> list(int limit) {
        return database.read(handle -> handle.createQuery(LIST).bind("limit", limit)
                .map((row, context) -> activation(row)).list());
    }

    private static String word(Origin origin) {
        return origin.name().toLowerCase(Locale.ROOT);
    }

    private static PolicyActivation activation(ResultSet row) throws SQLException {
        return new PolicyActivation(row.getLong("activation_number"),
                Instant.ofEpochMilli(row.getLong("activated_at")), row.getString("activated_by"),
                Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)), row.getString("version"),
                row.getString("policy_text"));
    }
}
