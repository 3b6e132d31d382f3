package dev.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/// The architecture, as a table that fails the build. Read it from the top: a package may use only
/// the packages on its row, and those always stand above it. Think hard before changing a row.
@AnalyzeClasses(packages = "dev.tandem", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final Map<String, Set<String>> MAY_USE =
            table(
                    "secret             |",
                    "failure            |",
                    "id                 |",
                    "conversation       |",
                    "page               | failure",
                    "project            | failure page",
                    "catalog            | failure conversation",
                    "session            | failure conversation page",
                    "provider           | failure conversation",
                    "provider.http      | failure secret conversation provider",
                    "provider.anthropic | failure secret conversation provider provider.http",
                    "provider.scripted  | failure conversation provider",
                    "provider.local     | failure conversation provider",
                    "tool               | failure conversation",
                    "approval           | failure id page tool",
                    "audit              | failure id page tool",
                    "mcp                | failure conversation tool",
                    "mcp.stdio          | mcp",
                    "mcp.http           | failure secret mcp provider.http",
                    "mcp.oauth          | failure secret mcp mcp.http",
                    "hub                | failure id conversation secret page project tool mcp mcp.stdio"
                            + " mcp.http mcp.oauth",
                    "plugin             | failure secret id conversation tool",
                    "toolbox            | failure id conversation tool approval audit",
                    "auth               | failure secret",
                    "observe            | failure toolbox",
                    "run                | failure id conversation page session provider observe tool approval",
                    "usage              | failure conversation",
                    "watch              | failure conversation page session run",
                    "engine             | failure id conversation auth session provider catalog"
                            + " project run observe tool approval toolbox",
                    "storage.jdbc       | failure id conversation page project session run usage"
                            + " tool approval audit mcp.oauth hub",
                    "rpc                | failure id auth observe",
                    "service            | failure id conversation page project session provider catalog auth"
                            + " run usage watch engine rpc observe tool approval audit hub toolbox",
                    "edge.listener      | failure",
                    "edge.cors          |",
                    "edge.json          | failure",
                    "edge.grpc          | failure id rpc observe",
                    "edge.rest          | failure id rpc edge.json observe",
                    "edge.openapi       | failure id rpc edge.json edge.rest",
                    "edge.operations    | failure id rpc observe edge.json edge.rest",
                    "edge.openai        | failure id rpc edge.json edge.rest observe",
                    "edge.socket        | failure id rpc edge.json edge.rest",
                    "edge.mcp           | failure id conversation auth rpc edge.json edge.rest tool approval"
                            + " toolbox",
                    "launch             | *");

    @ArchTest static final ArchRule packagesUseOnlyTheirRow = classes().should(useOnlyTheirRow());

    @ArchTest
    static void everyPackageHasARow(JavaClasses types) {
        Set<String> packages =
                types.stream()
                        .map(ArchitectureTest::name)
                        .filter(name -> !name.startsWith("v1"))
                        .collect(Collectors.toCollection(TreeSet::new));
        packages.removeAll(MAY_USE.keySet());
        assertTrue(packages.isEmpty(), () -> "packages without a row: " + packages);
    }

    @ArchTest
    static void everyRowUsesOnlyRowsAboveIt(JavaClasses ignored) {
        Set<String> above = new TreeSet<>(Set.of("*"));
        MAY_USE.forEach(
                (name, uses) -> {
                    assertTrue(
                            above.containsAll(uses),
                            () -> name + " uses a package that is not above it: " + uses);
                    above.add(name);
                });
    }

    @ArchTest
    static final ArchRule sqlStaysInJdbcStorage =
            confine("java.sql", "java.sql..", "javax.sql..", "org.sqlite..", "org.flywaydb..")
                    .outside("dev.tandem.storage.jdbc..");

    @ArchTest
    static final ArchRule nettyStaysInTheListener =
            confine("Netty", "io.grpc.netty..", "io.netty..").outside("dev.tandem.edge.listener..");

    @ArchTest
    static final ArchRule wiresStayAtTheEdge =
            confine("the web server", "io.helidon.webserver..", "io.grpc..")
                    .outside("dev.tandem.v1..", "dev.tandem.edge..", "dev.tandem.launch..");

    @ArchTest
    static final ArchRule generatedMessagesStayAtTheSurface =
            confine("generated messages", "dev.tandem.v1..", "com.google.protobuf..")
                    .outside(
                            "dev.tandem.v1..",
                            "dev.tandem.rpc..",
                            "dev.tandem.service..",
                            "dev.tandem.edge..",
                            "dev.tandem.launch..");

    @ArchTest
    static final ArchRule configurationIsReadAtLaunch =
            confine("configuration", "io.helidon.config..").outside("dev.tandem.launch..");

    @ArchTest
    static final ArchRule metricsStayWithTheObservers =
            confine("metrics", "io.helidon.metrics..", "io.micrometer..", "io.prometheus..")
                    .outside("dev.tandem.observe..");

    @ArchTest
    static final ArchRule theLogIsSetUpAtLaunch =
            confine("the log's workings", "ch.qos.logback..", "org.slf4j.bridge..")
                    .outside("dev.tandem.launch..");

    @ArchTest
    static final ArchRule theEmbeddedModelStaysInItsLeaf =
            confine("llama.cpp", "de.kherud..").outside("dev.tandem.provider.local..");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.v1..")
                    .should()
                    .haveNameMatching(
                            ".*(Manager|Helper|Utils?|Impl|Base)(\\$.*)?|.*\\.Abstract\\w+");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            classes()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.v1..")
                    .should(liveInANullMarkedPackage());

    @ArchTest
    static final ArchRule onlyTheCommandLineUsesStandardStreams =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.launch..")
                    .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule logsDoNotGoToJavaUtilLogging = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    private static Confined confine(String what, String... libraries) {
        return owners ->
                noClasses()
                        .that()
                        .resideOutsideOfPackages(owners)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(libraries)
                        .as(what + " stays in " + String.join(", ", owners))
                        .allowEmptyShould(true);
    }

    private interface Confined {
        ArchRule outside(String... owners);
    }

    private static ArchCondition<JavaClass> useOnlyTheirRow() {
        return new ArchCondition<>("use only the packages on their row") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Set<String> row = MAY_USE.getOrDefault(name(type), Set.of());
                for (Dependency use : type.getDirectDependenciesFromSelf()) {
                    String target = name(use.getTargetClass());
                    boolean ours = use.getTargetClass().getPackageName().startsWith("dev.tandem.");
                    boolean generated = target.equals("v1");
                    boolean allowed =
                            row.contains("*") || row.contains(target) || target.equals(name(type));
                    if (ours && !generated && !allowed) {
                        events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }

    private static String name(JavaClass type) {
        return type.getPackageName().replaceFirst("^dev\\.tandem\\.", "");
    }

    private static Map<String, Set<String>> table(String... rows) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String row : rows) {
            String[] cells = row.split("\\|", 2);
            table.put(
                    cells[0].strip(),
                    Arrays.stream(cells[1].split(" "))
                            .filter(use -> !use.isEmpty())
                            .collect(Collectors.toSet()));
        }
        return table;
    }
}
