# syntax=docker/dockerfile:1
# docker build -t tail-sampling-selector .

FROM maven:3.9.16-eclipse-temurin-25 AS build
WORKDIR /build
# Where the build looks for a JDK.
ENV JAVA25_HOME=/opt/java/openjdk
COPY . ./
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -q -Dquick -Dmaven.test.skip=true package

FROM eclipse-temurin:25.0.3_9-jre-noble
LABEL org.opencontainers.image.title="Tail Sampling Selector" org.opencontainers.image.licenses="MIT"
WORKDIR /opt/tss
# Libraries before the program, so that a new version of it is a small layer.
COPY --from=build /build/target/lib target/lib
COPY --from=build /build/scripts/tss /build/scripts/aot-cache /build/scripts/java-home scripts/
COPY --from=build /build/target/tail-sampling-selector.jar target/

# The heap follows the container's memory; the rest is for code, threads, buffers of zstd and the network. Out of memory
# ends the process, and what restarts it continues from the ledger.
ENV TSS_HOME=/var/lib/tss \
    TSS_JAVA_HOME=/opt/java/openjdk \
    TSS_JAVA_OPTS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"

# The cache for faster starts holds this JVM and this class path, so it is trained here, last.
RUN scripts/aot-cache && test -f target/tss.aot \
    && install -d -o 10001 -g 10001 /var/lib/tss
USER 10001:10001
VOLUME /var/lib/tss
EXPOSE 8080 9090
STOPSIGNAL SIGTERM

# Over HTTP: with admin.tls_certificate_file, or another port, give the container a health check of its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["curl", "--fail", "--silent", "--max-time", "3", "http://127.0.0.1:8080/health/live"]

# The script ends in exec: java is process 1 and gets the signals.
ENTRYPOINT ["/opt/tss/scripts/tss"]
CMD ["run"]
