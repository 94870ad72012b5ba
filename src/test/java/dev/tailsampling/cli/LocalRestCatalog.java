package dev.tailsampling.cli;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalogAdapter;
import org.apache.iceberg.rest.RESTCatalogServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/**
 * An Iceberg REST catalog on a free port of this machine. It keeps its pointers in a SQLite file and the tables in S3,
 * and tells its clients nothing about S3.
 */
final class LocalRestCatalog implements AutoCloseable {

    private final Server server;
    private final JdbcCatalog tables;

    private LocalRestCatalog(Server server, JdbcCatalog tables) {
        this.server = server;
        this.tables = tables;
    }

    static LocalRestCatalog start(Path database, LocalS3 s3) throws Exception {
        JdbcCatalog tables = tables(database, s3);
        ServletContextHandler handler = new ServletContextHandler();
        handler.addServlet(new ServletHolder(new RESTCatalogServlet(new RESTCatalogAdapter(tables))), "/*");
        return start(handler, tables);
    }

    /** Where the pointers and the tables are. */
    static JdbcCatalog tables(Path database, LocalS3 s3) {
        JdbcCatalog tables = new JdbcCatalog();
        tables.initialize("served", properties(database, s3));
        return tables;
    }

    /** Serves tables in a way of its own. */
    static LocalRestCatalog start(ServletContextHandler handler, JdbcCatalog tables) throws Exception {
        Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
        server.setHandler(handler);
        server.start();
        return new LocalRestCatalog(server, tables);
    }

    private static Map<String, String> properties(Path database, LocalS3 s3) {
        Map<String, String> properties = new HashMap<>(s3.properties());
        properties.put(CatalogProperties.URI, "jdbc:sqlite:" + database);
        properties.put(CatalogProperties.CLIENT_POOL_SIZE, "1");
        properties.put("jdbc.schema-version", "V1");
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, "s3://" + s3.bucket() + "/wh");
        return properties;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getURI().getPort());
    }

    @Override
    public void close() {
        try (tables) {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the catalog does not stop", e);
        }
    }
}
