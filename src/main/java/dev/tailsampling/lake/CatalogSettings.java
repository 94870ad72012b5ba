package dev.tailsampling.lake;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.CatalogProperties;

/**
 * Where the Iceberg catalog is. Immutable; its text form shows no secrets.
 *
 * @param type kind of catalog
 * @param uri JDBC URL of the catalog's database, or base URL of the REST catalog
 * @param warehouse root of the data: a local directory or an object store URI; for a REST catalog the warehouse's name
 * @param properties further properties, handed to Iceberg as they are ({@code s3.endpoint}, {@code credential}, …);
 *     they win over the defaults that {@link #icebergProperties} fills in. {@link #CATALOG_NAME} is for us
 */
public record CatalogSettings(Type type, String uri, String warehouse, Map<String, String> properties) {

    /** Kinds of catalog. */
    public enum Type {
        /** A SQL database holds the pointers to table metadata. */
        JDBC,
        /** An Iceberg REST service, such as Lakekeeper. */
        REST
    }

    /** Property with the name of the catalog, by which one database may hold several; else it is "lake". */
    public static final String CATALOG_NAME = "catalog-name";

    private static final String HIDDEN = "***";
    private static final String ACCESS_DELEGATION = "header.X-Iceberg-Access-Delegation";
    private static final String S3_IO = "org.apache.iceberg.aws.s3.S3FileIO";
    private static final Pattern SECRET_KEY =
            Pattern.compile("secret|password|token|credential|access-key|authorization");
    private static final Pattern BEARER = Pattern.compile("(?i)(bearer )[\\w.~+/=-]+");
    private static final Pattern URI_PASSWORD = Pattern.compile("(//[^/:@?]*:)[^/@]*@|((?:password|pwd|token)=)[^&;]*",
            Pattern.CASE_INSENSITIVE);

    public CatalogSettings {
        if (uri.isBlank()) {
            throw new IllegalArgumentException("the catalog needs a URI: a JDBC URL or the base URL of a REST catalog");
        }
        properties = Map.copyOf(properties);
    }

    /** A catalog without servers: a SQLite file and a directory, both below {@code home}. */
    public static CatalogSettings embedded(Path home) {
        Path root = home.toAbsolutePath().normalize();
        return new CatalogSettings(Type.JDBC, "jdbc:sqlite:" + root.resolve("catalog.db"),
                root.resolve("warehouse").toString(), Map.of());
    }

    /** What the catalog is called. */
    String name() {
        return properties.getOrDefault(CATALOG_NAME, "lake");
    }

    /** The properties with which the catalog is opened: defaults that fit the warehouse, then the given ones. */
    Map<String, String> icebergProperties() {
        Map<String, String> all = new HashMap<>();
        all.put(CatalogProperties.URI, uri);
        if (!warehouse.isBlank()) {
            all.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
        }
        switch (type) {
            case JDBC -> addJdbcDefaults(all);
            case REST -> addRestDefaults(all);
        }
        addStorageDefaults(all);
        all.putAll(properties);
        return all;
    }

    private void addJdbcDefaults(Map<String, String> all) {
        all.put("jdbc.schema-version", "V1");
        if (uri.startsWith("jdbc:sqlite:")) {
            all.put(CatalogProperties.CLIENT_POOL_SIZE, "1");
            all.put("jdbc.busy_timeout", "30000");
        }
    }

    private void addRestDefaults(Map<String, String> all) {
        // Reports of scans are posted to the table's own route, which a reader of the table need not be allowed to.
        all.put("rest-metrics-reporting-enabled", "false");
        // A table that did not change is not sent again, and neither are new credentials for it: not for longer than this.
        all.put("rest-table-cache.expire-after-write-ms", "60000");
        if (canRenewToken() || properties.containsKey("token")) {
            // Iceberg's own defaults, which it warns about with the whole URI unless they are given.
            all.put("rest.auth.type", "oauth2");
            all.put("oauth2-server-uri", uri + (uri.endsWith("/") ? "" : "/") + "v1/oauth/tokens");
            // Identity providers such as Keycloak give a client another token for its secret, but exchange none.
            all.put("token-exchange-enabled", Boolean.toString(!canRenewToken()));
        }
        if (!hasOwnKeys() && properties.keySet().stream().noneMatch(ACCESS_DELEGATION::equalsIgnoreCase)) {
            all.put(ACCESS_DELEGATION, "vended-credentials");
        }
        properties.forEach((key, value) -> {
            if (key.startsWith("s3.") || key.equals("client.region")) {
                all.put(S3ClientFactory.OWN + key, value);
            }
        });
    }

    /** Whether the catalog gives another token when one is no longer good. */
    boolean canRenewToken() {
        return properties.containsKey("credential");
    }

    private boolean hasOwnKeys() {
        return properties.containsKey("s3.access-key-id") || properties.containsKey("client.credentials-provider");
    }

    private void addStorageDefaults(Map<String, String> all) {
        // Iceberg's default HTTP client is not on our class path.
        all.put("http-client.type", "urlconnection");
        if (!properties.containsKey("client.factory")) {
            all.put("s3.client-factory-impl", S3ClientFactory.class.getName());
        }
        if (isObjectStore()) {
            all.put(CatalogProperties.FILE_IO_IMPL, S3_IO);
            if (properties.containsKey("s3.endpoint")) {
                all.put("s3.path-style-access", "true");
                all.put("client.region", "us-east-1");
            }
        } else {
            all.put(CatalogProperties.FILE_IO_IMPL, LocalFileIO.class.getName());
        }
    }

    /** A REST catalog tells where its tables are, so its warehouse is a mere name unless it is a path of this disk. */
    private boolean isObjectStore() {
        boolean local = warehouse.startsWith("/") || warehouse.startsWith("file:");
        return warehouse.startsWith("s3") && warehouse.contains("://")
                || properties.keySet().stream().anyMatch(key -> key.startsWith("s3."))
                || type == Type.REST && !local;
    }

    /** What to look into when the catalog cannot be used; a part of a sentence. */
    String remedy() {
        String place = warehouse.contains("://") && type == Type.REST
                ? ", and that storage.iceberg.warehouse, \"" + warehouse + "\", is what the catalog calls it: with "
                        + "Lakekeeper a warehouse's name, never the URI of its storage"
                : "";
        return "check that the address and the credentials are right and that the service can be reached" + place;
    }

    /** The URI without any password in it. */
    public String shownUri() {
        return URI_PASSWORD.matcher(uri).replaceAll(found -> Matcher.quoteReplacement(found.group(1) == null
                ? found.group(2) + HIDDEN
                : found.group(1) + HIDDEN + "@"));
    }

    /** The text with every secret of these settings replaced. */
    String redact(String text) {
        String shown = text.replace(uri, shownUri());
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (isSecret(property.getKey())) {
                shown = hide(property.getValue(), shown);
                // An OAuth2 credential is "client id:client secret".
                shown = hide(property.getValue().replaceFirst("^[^:]*:", ""), shown);
            }
        }
        return BEARER.matcher(shown).replaceAll("$1" + HIDDEN);
    }

    private static String hide(String secret, String text) {
        return secret.isBlank() ? text : text.replace(secret, HIDDEN);
    }

    private static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
    }

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>(properties);
        shown.replaceAll((key, value) -> isSecret(key) ? HIDDEN : value);
        return "CatalogSettings[type=" + type + ", uri=" + shownUri() + ", warehouse=" + warehouse + ", properties="
                + shown + "]";
    }
}
