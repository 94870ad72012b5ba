package dev.tailsampling.datadog;

import java.util.Map;
import java.util.Set;

/**
 * The span type of a database client by its {@code db.system}
 * ({@code pkg/opentelemetry-mapping-go/otlp/attributes/constants.go}).
 */
final class DatabaseType {

    static final String REDIS = "redis";
    private static final String SQL = "sql";
    private static final String OTHER = "db";

    private static final Map<String, String> OWN_TYPE = Map.of("redis", REDIS, "memcached", "memcached", "mongodb",
            "mongodb", "elasticsearch", "elasticsearch", "opensearch", "opensearch", "cassandra", "cassandra");

    private static final Set<String> SPEAKS_SQL = Set.of("other_sql", "mssql", "mysql", "oracle", "db2", "postgresql",
            "redshift", "cloudscape", "hsqldb", "maxdb", "ingres", "firstsql", "edb", "cache", "firebird", "derby",
            "informix", "mariadb", "sqlite", "sybase", "teradata", "vertica", "h2", "coldfusion", "cockroachdb",
            "progress", "hanadb", "adabas", "filemaker", "instantdb", "interbase", "netezza", "pervasive", "pointbase",
            "clickhouse",
            // Names that the conventions have given them since 1.30.
            "microsoft.sql_server", "oracle.db", "ibm.db2", "sap.hana", "sap.maxdb", "actian.ingres", "firebirdsql",
            "ibm.informix", "softwareag.adabas", "intersystems.cache", "aws.redshift", "ibm.netezza");

    private DatabaseType() {}

    /** The type for a normalised {@code db.system} that is not empty. */
    static String of(String system) {
        String own = OWN_TYPE.get(system);
        return own != null ? own : SPEAKS_SQL.contains(system) ? SQL : OTHER;
    }
}
