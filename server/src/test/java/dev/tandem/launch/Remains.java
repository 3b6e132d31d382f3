package dev.tandem.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// What is there of this process: programs that it has started, threads of both kinds, objects.
final class Remains {
    private static final Pattern OBJECTS =
            Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    private Remains() {}

    /// The programs that were started and are there, whoever started them.
    static List<ProcessHandle> programs() {
        return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList();
    }

    /// Those of them that are MCP servers from npm.
    static List<ProcessHandle> npmServers() {
        return programs().stream()
                .filter(one -> one.info().commandLine().orElse("").contains("/server-"))
                .toList();
    }

    /// Waits until there are no other programs than those before.
    static void awaitEnds(List<ProcessHandle> before) throws Exception {
        Optional<ProcessHandle> left = other(before);
        while (left.isPresent()) {
            Object _ = left.get().onExit().get(30, TimeUnit.SECONDS);
            left = other(before);
        }
    }

    private static Optional<ProcessHandle> other(List<ProcessHandle> before) {
        return programs().stream().filter(one -> !before.contains(one)).findFirst();
    }

    /// The names of all threads, virtual ones too.
    static List<String> threads(Path folder) throws IOException {
        Path file = Files.createTempDirectory(folder, "threads").resolve("dump.json");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        JsonNode dump = new JsonMapper().readTree(file.toFile()).path("threadDump");
        List<String> names = new ArrayList<>();
        for (JsonNode container : dump.path("threadContainers")) {
            container.path("threads").forEach(one -> names.add(one.path("name").asText()));
        }
        return names;
    }

    /// Objects that are in use after a full collection.
    ///
    /// @param bytes of all of them
    record Objects(long bytes, List<String> lines) {
        long of(Class<?> type) {
            return lines.stream()
                    .map(OBJECTS::matcher)
                    .filter(Matcher::matches)
                    .filter(line -> line.group(3).equals(type.getName()))
                    .mapToLong(line -> Long.parseLong(line.group(1)))
                    .sum();
        }
    }

    static Objects objects() {
        try {
            Object text =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    new Object[] {new String[0]},
                                    new String[] {String[].class.getName()});
            List<String> lines = String.valueOf(text).lines().toList();
            long bytes =
                    lines.stream()
                            .map(OBJECTS::matcher)
                            .filter(Matcher::matches)
                            .mapToLong(line -> Long.parseLong(line.group(2)))
                            .sum();
            return new Objects(bytes, lines);
        } catch (JMException none) {
            throw new AssertionError("this JVM has no class histogram", none);
        }
    }

    /// Those whose names say that a tool, its server or a run needs them.
    static List<String> ofTools(List<String> threads) {
        return threads.stream()
                .filter(
                        name ->
                                Stream.of("mcp-", "tool-", "run_", "plugin-")
                                        .anyMatch(name::startsWith))
                .filter(name -> !name.equals("mcp-keeper"))
                .toList();
    }
}
