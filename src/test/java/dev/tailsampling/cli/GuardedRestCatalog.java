package dev.tailsampling.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.RESTCatalogAdapter;
import org.apache.iceberg.rest.RESTCatalogServlet;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.credentials.Credential;
import org.apache.iceberg.rest.credentials.ImmutableCredential;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ImmutableLoadCredentialsResponse;
import org.apache.iceberg.rest.responses.LoadCredentialsResponseParser;
import org.apache.iceberg.rest.responses.LoadTableResponse;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/**
 * An Iceberg REST catalog as production has it: it knows its warehouse by name, wants a bearer token of an OAuth2 server
 * that knows the client-credentials flow and nothing else, and vends keys of S3 for one table that are good until newer
 * ones drive them out. Tables may be declared read-only.
 */
final class GuardedRestCatalog implements AutoCloseable {

    static final String WAREHOUSE = "wh";
    static final String CLIENT = "selector:client-secret-1";
    static final String SCOPE = "lakekeeper";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DELEGATION = "X-Iceberg-Access-Delegation";
    /** Keys of a table that are good at the same time. */
    static final int GOOD_KEYS = 20;

    private final LocalS3 s3;
    private final Duration tokenLife;
    private final LocalRestCatalog served;
    private final CountDownLatch secondToken = new CountDownLatch(2);
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<String> tokensEver = ConcurrentHashMap.newKeySet();
    private final Map<String, List<String>> keysByTable = new ConcurrentHashMap<>();
    private final Set<String> readOnly = ConcurrentHashMap.newKeySet();
    private final Set<String> refusedWrites = ConcurrentHashMap.newKeySet();
    private final Set<String> refreshes = ConcurrentHashMap.newKeySet();
    private volatile boolean outage;

    private GuardedRestCatalog(Path database, LocalS3 s3, Duration tokenLife) throws Exception {
        this.s3 = s3;
        this.tokenLife = tokenLife;
        JdbcCatalog tables = LocalRestCatalog.tables(database, s3);
        ServletContextHandler handler = new ServletContextHandler();
        handler.addFilter(new FilterHolder((Filter) this::guard), "/*", EnumSet.of(DispatcherType.REQUEST));
        handler.addServlet(new ServletHolder(new RESTCatalogServlet(new Vending(tables))), "/*");
        served = LocalRestCatalog.start(handler, tables);
    }

    /**
     * Starts one.
     *
     * @param tokenLife what the OAuth2 server says how long a token is good
     */
    static GuardedRestCatalog start(Path database, LocalS3 s3, Duration tokenLife) throws Exception {
        return new GuardedRestCatalog(database, s3, tokenLife);
    }

    URI uri() {
        return served.uri();
    }

    URI tokenUri() {
        return uri().resolve("/identity/token");
    }

    /** From now on nothing but reading is granted on a table, "namespace/tables/table". */
    void makeReadOnly(String table) {
        readOnly.add("/v1/namespaces/" + table);
    }

    /** Requests that would have changed a table that is read-only. */
    Set<String> refusedWrites() {
        return refusedWrites;
    }

    /** All tokens of before are good no more. */
    void forgetTokens() {
        tokens.clear();
    }

    /** The OAuth2 server does not answer, or does again. */
    void setOutage(boolean away) {
        outage = away;
    }

    /** Waits until the client has had a second token. */
    boolean awaitSecondToken() throws InterruptedException {
        return secondToken.await(30, TimeUnit.SECONDS);
    }

    /** Everything secret that it gave away. */
    Set<String> tokensEver() {
        return tokensEver;
    }

    /** Tables for which newer keys were asked for, without the table. */
    Set<String> refreshes() {
        return refreshes;
    }

    /** Keys vended so far. */
    int keysVended() {
        return keysByTable.values().stream().mapToInt(List::size).sum();
    }

    /** The keys vended so far are good no more. */
    void expireKeys() {
        keysByTable.values().forEach(keys -> {
            synchronized (keys) {
                s3.dismiss(keys);
            }
        });
    }

    private void guard(ServletRequest plain, ServletResponse plainAnswer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        HttpServletResponse answer = (HttpServletResponse) plainAnswer;
        String path = request.getRequestURI();
        if (path.equals("/identity/token")) {
            giveToken(request, answer);
        } else if (!isAuthorized(request)) {
            error(answer, 401, "NotAuthorizedException", "no token that is good");
        } else if (path.equals("/v1/config") && !WAREHOUSE.equals(request.getParameter("warehouse"))) {
            error(answer, 404, "WarehouseNotFound", "Warehouse " + request.getParameter("warehouse") + " not found");
        } else if (changesReadOnly(request)) {
            refusedWrites.add(request.getMethod() + " " + path);
            error(answer, 403, "ForbiddenException", "the client may only read this table");
        } else if (path.endsWith("/credentials")) {
            String table = path.substring(0, path.length() - "/credentials".length());
            refreshes.add(table);
            answer.setContentType("application/json");
            answer.getWriter().write(LoadCredentialsResponseParser.toJson(
                    ImmutableLoadCredentialsResponse.builder().addCredentials(newKey(table)).build()));
        } else {
            chain.doFilter(plain, plainAnswer);
        }
    }

    private boolean isAuthorized(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.startsWith("Bearer ") && tokens.contains(header.substring("Bearer ".length()));
    }

    private boolean changesReadOnly(HttpServletRequest request) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return !reads && readOnly.stream().anyMatch(request.getRequestURI()::startsWith);
    }

    private void giveToken(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        String client = request.getParameter("client_id") + ":" + request.getParameter("client_secret");
        if (outage) {
            error(answer, 500, "ServerError", "the token server is away");
        } else if (!"client_credentials".equals(request.getParameter("grant_type"))) {
            oauthError(answer, 400, "unsupported_grant_type");
        } else if (!client.equals(CLIENT) || !SCOPE.equals(request.getParameter("scope"))) {
            oauthError(answer, 401, "invalid_client");
        } else {
            String token = "issued-token-" + tokensEver.size();
            tokens.add(token);
            tokensEver.add(token);
            secondToken.countDown();
            answer.setContentType("application/json");
            JSON.writeValue(answer.getWriter(), Map.of("access_token", token, "token_type", "bearer", "expires_in",
                    tokenLife.toSeconds()));
        }
    }

    private static void oauthError(HttpServletResponse answer, int status, String error) throws IOException {
        answer.setStatus(status);
        answer.setContentType("application/json");
        JSON.writeValue(answer.getWriter(), Map.of("error", error, "error_description", "refused"));
    }

    private static void error(HttpServletResponse answer, int status, String type, String message) throws IOException {
        answer.setStatus(status);
        answer.setContentType("application/json");
        JSON.writeValue(answer.getWriter(),
                Map.of("error", Map.of("message", message, "type", type, "code", status)));
    }

    /** A key that ends within the five minutes in which Iceberg's client asks for another one beforehand. */
    private Credential newKey(String table) {
        List<String> keys = keysByTable.computeIfAbsent(table, unseen -> new ArrayList<>());
        String key;
        synchronized (keys) {
            key = "vended-" + Integer.toHexString(table.hashCode()) + "-" + keys.size();
            keys.add(key);
            s3.admit(key, "vended-secret-of-" + key);
            if (keys.size() > GOOD_KEYS) {
                s3.dismiss(keys.subList(0, keys.size() - GOOD_KEYS));
            }
        }
        return ImmutableCredential.builder().prefix("s3://" + s3.bucket()).putConfig("s3.access-key-id", key)
                .putConfig("s3.secret-access-key", "vended-secret-of-" + key)
                .putConfig("s3.session-token", "vended-session-of-" + key)
                .putConfig("s3.session-token-expires-at-ms",
                        Long.toString(Instant.now().plusSeconds(60).toEpochMilli()))
                .build();
    }

    /** Adds keys to every table that is handed out, if they are asked for. */
    private final class Vending extends RESTCatalogAdapter {

        Vending(JdbcCatalog tables) {
            super(tables);
        }

        @Override
        protected <T extends RESTResponse> T execute(HTTPRequest request, Class<T> responseType,
                Consumer<ErrorResponse> errors, Consumer<Map<String, String>> responseHeaders) {
            T response = super.execute(request, responseType, errors, responseHeaders);
            boolean vend = request.headers().entries(DELEGATION).stream()
                    .anyMatch(header -> header.value().equals("vended-credentials"));
            return vend && response instanceof LoadTableResponse table
                    ? responseType.cast(withKey(table, path(request, table)))
                    : response;
        }

        private LoadTableResponse withKey(LoadTableResponse table, String path) {
            return LoadTableResponse.builder().withTableMetadata(table.tableMetadata()).addAllConfig(table.config())
                    .addConfig("s3.endpoint", s3.endpoint().toString()).addConfig("s3.path-style-access", "true")
                    .addConfig("client.refresh-credentials-endpoint", path + "/credentials")
                    .addCredential(newKey(path)).build();
        }

        /** A table that is being created is not yet named in the path. */
        private static String path(HTTPRequest request, LoadTableResponse table) {
            String path = "/" + request.path();
            String location = table.tableMetadata().location();
            return path.endsWith("/tables") ? path + location.substring(location.lastIndexOf('/')) : path;
        }
    }

    @Override
    public void close() {
        served.close();
    }
}
