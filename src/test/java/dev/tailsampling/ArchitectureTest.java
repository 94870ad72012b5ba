package dev.tailsampling;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The package table of the project, checked on the compiled main classes. A new package needs a row here. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "dev.tailsampling";

    /** The pure part: a function from spans to decisions. */
    private static final List<String> CORE = List.of("trace", "layout", "sampler", "ottl", "otlp", "policy",
            "assembly", "translate", "datadog");
    private static final List<String> SELECTOR_AND_BELOW = List.of("trace", "sampler", "ottl", "otlp", "policy",
            "assembly", "selector");
    /** Where time and chance are arguments. */
    private static final List<String> DETERMINISTIC = List.of("trace", "sampler", "ottl", "otlp", "policy",
            "assembly", "selector", "datadog");
    private static final List<String> SELECTOR_LAYOUT_AND_BELOW = List.of("trace", "layout", "sampler", "ottl", "otlp",
            "policy", "assembly", "selector");

    /** Package → the other packages of ours that it may use. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("trace", List.of()),
            Map.entry("layout", List.of("trace")),
            Map.entry("sampler", List.of("trace")),
            Map.entry("otlp", List.of("trace")),
            Map.entry("ottl", List.of("trace")),
            Map.entry("translate", List.of("trace", "otlp")),
            Map.entry("policy", List.of("trace", "sampler", "ottl")),
            Map.entry("assembly", List.of("trace", "otlp", "policy")),
            Map.entry("selector", List.of("trace", "sampler", "ottl", "otlp", "policy", "assembly")),
            Map.entry("parquet", List.of()),
            Map.entry("datadog", List.of("trace", "otlp")),
            // Adapters: none of them knows another.
            Map.entry("config", SELECTOR_LAYOUT_AND_BELOW),
            Map.entry("export", List.of("trace", "sampler", "ottl", "otlp", "policy", "assembly", "selector",
                    "datadog")),
            Map.entry("generate", SELECTOR_AND_BELOW),
            Map.entry("lake", List.of("trace", "layout", "sampler", "ottl", "otlp", "policy", "assembly", "selector",
                    "parquet")),
            Map.entry("store", SELECTOR_AND_BELOW),
            Map.entry("stream", List.of("trace", "sampler", "ottl", "otlp", "translate", "policy", "assembly",
                    "selector")),
            // Flows over the adapters' ports.
            Map.entry("admin", List.of("trace", "layout", "sampler", "ottl", "otlp", "policy", "assembly", "selector",
                    "config")),
            Map.entry("backfill", SELECTOR_AND_BELOW),
            Map.entry("cli",
                    List.of("trace", "layout", "sampler", "otlp", "translate", "ottl", "policy", "assembly", "selector",
                            "config", "datadog", "export", "generate", "lake", "store", "stream", "admin",
                            "backfill")));

    /** Library → the only packages of ours that may know it. */
    private static final Map<String, List<String>> USED_ONLY_BY = Map.ofEntries(
            Map.entry("org.apache.iceberg..", List.of("lake")),
            Map.entry("org.apache.parquet..", List.of("lake", "parquet")),
            Map.entry("com.github.luben..", List.of("parquet", "export")),
            Map.entry("io.grpc..", List.of("export")),
            Map.entry("com.datadoghq..", List.of("datadog")),
            Map.entry("org.xerial.snappy..", List.of("parquet")),
            Map.entry("org.apache.avro..", List.of("lake")),
            Map.entry("org.apache.hadoop..", List.of("lake")),
            Map.entry("software.amazon..", List.of("lake")),
            Map.entry("org.jdbi..", List.of("store")),
            Map.entry("com.zaxxer..", List.of("store")),
            Map.entry("org.sqlite..", List.of("store")),
            Map.entry("org.postgresql..", List.of("store")),
            Map.entry("io.lettuce..", List.of("store")),
            Map.entry("io.netty..", List.of("store")),
            Map.entry("io.helidon..", List.of("admin")),
            Map.entry("io.micrometer..", List.of("admin")),
            // Iceberg's, not ours: JSON is streamed.
            Map.entry("com.fasterxml.jackson.databind..", List.of()),
            Map.entry("org.apache.kafka..", List.of("stream")),
            Map.entry("org.yaml..", List.of("config")),
            Map.entry("com.fasterxml.jackson.core..", List.of("otlp", "translate", "config", "admin", "cli")),
            Map.entry("com.google.re2j..", List.of("ottl", "policy")),
            Map.entry("picocli..", List.of("cli")),
            Map.entry("ch.qos.logback..", List.of("cli")),
            Map.entry("java.net.http..", List.of("export")));

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageHasARow = classes().should().resideInAnyPackage(ours(MAY_USE.keySet()))
            .as("every package has a row in the package table").allowEmptyShould(true);

    @ArchTest
    static final ArchRule importsPointDown =
            all("imports follow the package table", MAY_USE.entrySet().stream().map(row -> {
                List<String> allowed = new ArrayList<>(row.getValue());
                allowed.add(row.getKey());
                return classes().that().resideInAPackage(ours(row.getKey()))
                        .should().onlyDependOnClassesThat(not(resideInAPackage(ROOT + ".."))
                                .or(resideInAnyPackage(ours(allowed))).as("are in %s, or not ours", allowed));
            }));

    @ArchTest
    static final ArchRule librariesStayInTheirPackage = all("each library is known to its package only", USED_ONLY_BY
            .entrySet().stream().map(row -> noClasses().that().resideOutsideOfPackages(ours(row.getValue()))
                    .should().dependOnClassesThat().resideInAPackage(row.getKey())));

    @ArchTest
    static final ArchRule coreDependsOnValuesOnly = all("the core does no I/O", CORE.stream()
            .map(name -> classes().that().resideInAPackage(ours(name))
                    .should().onlyDependOnClassesThat(coreMayUse(name))));

    @ArchTest
    static final ArchRule coreAndSelectorAreDeterministic = noClasses()
            .that().resideInAnyPackage(ours(DETERMINISTIC))
            .should().accessTargetWhere(describe("reads a clock or makes a random number", ArchitectureTest::isChance))
            .as("time and chance are arguments in the core and the selector").allowEmptyShould(true);

    @ArchTest
    static final ArchRule coreAndSelectorStartNoThread = noClasses()
            .that().resideInAnyPackage(ours(DETERMINISTIC))
            .should().accessTargetWhere(describe("starts a thread", ArchitectureTest::startsThread))
            .as("the core and the selector start no thread").allowEmptyShould(true);

    @ArchTest
    static final ArchRule coreAndSelectorDoNotLog = noClasses()
            .that().resideInAnyPackage(ours(DETERMINISTIC))
            .should().dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging..")
                    .or(type(System.Logger.class)))
            .as("the core and the selector do not log").allowEmptyShould(true);

    private static DescribedPredicate<JavaClass> coreMayUse(String name) {
        var values = resideInAnyPackage("java.lang..", "java.util..", "java.time..", "java.math..", "java.nio",
                "java.nio.charset..", "java.security", "org.jspecify..")
                .and(not(type(Thread.class)))
                .or(resideInAnyPackage(ours(CORE)));
        return switch (name) {
            case "datadog" -> values.or(resideInAPackage("com.datadoghq.sketch.."));
            case "ottl", "policy" -> values.or(resideInAPackage("com.google.re2j.."));
            // Every method of the streaming JSON parser declares IOException.
            case "otlp", "translate" -> values.or(resideInAPackage("com.fasterxml.jackson.core.."))
                    .or(type(IOException.class)).or(type(UncheckedIOException.class));
            default -> values;
        };
    }

    private static boolean isChance(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String method = access.getTarget().getName();
        if (owner.getPackageName().equals("java.time")) {
            return method.equals("now") || method.startsWith("system") || method.startsWith("tick");
        }
        return switch (owner.getName()) {
            case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(method);
            case "java.lang.Math", "java.lang.StrictMath" -> method.equals("random");
            case "java.util.UUID" -> method.equals("randomUUID");
            case "java.util.Random", "java.util.SplittableRandom" -> method.equals("<init>")
                    && access.getTarget().getFullName().endsWith("()");
            case "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom" -> true;
            default -> false;
        };
    }

    private static boolean startsThread(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String method = access.getTarget().getName();
        if (owner.isAssignableTo(Thread.class)) {
            return Set.of("<init>", "start", "startVirtualThread", "ofVirtual", "ofPlatform").contains(method);
        }
        return switch (owner.getName()) {
            case "java.util.concurrent.Executors", "java.util.Timer" -> true;
            case "java.util.concurrent.ThreadPoolExecutor", "java.util.concurrent.ForkJoinPool" -> true;
            case "java.util.concurrent.CompletableFuture" -> method.endsWith("Async");
            case "java.util.Collection" -> method.equals("parallelStream");
            default -> method.equals("parallel") && owner.getPackageName().equals("java.util.stream");
        };
    }

    private static ArchRule all(String description, Stream<? extends ArchRule> rules) {
        return CompositeArchRule.of(rules.map(rule -> rule.allowEmptyShould(true)).toList()).as(description);
    }

    private static String ours(String name) {
        return ROOT + "." + name + "..";
    }

    private static String[] ours(Iterable<String> names) {
        List<String> patterns = new ArrayList<>();
        names.forEach(name -> patterns.add(ours(name)));
        return patterns.toArray(String[]::new);
    }
}
