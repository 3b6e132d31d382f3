package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.project.Project;
import dev.tandem.project.ProjectStore;
import dev.tandem.project.WorkspaceSettings;
import dev.tandem.project.Workspaces;
import dev.tandem.testing.HandClock;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// A hub in a folder of its own, with fakes around it. Its waits after failures are not random.
final class HubBench implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(10);
    static final String PROJECT = "proj_1";

    final Path folder;
    final Path claudeFile;
    final HandClock clock = new HandClock(Instant.parse("2026-11-29T07:00:00Z"));
    final FakeConnector connector = new FakeConnector();
    final MemoryServerStore store = new MemoryServerStore();
    private final Map<String, ServerDeclaration> configured = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private HubSettings settings;
    private Optional<Connector> other = Optional.empty();
    private Optional<Hub> hub = Optional.empty();

    HubBench(Path folder) {
        this.folder = folder;
        this.claudeFile = folder.resolve(".claude.json");
        this.settings = HubSettings.DEFAULTS.in(folder.resolve("mcp"));
    }

    HubBench with(String name, ServerDeclaration declaration) {
        configured.put(name, declaration);
        return this;
    }

    HubBench with(HubSettings other) {
        settings = other.in(folder.resolve("mcp"));
        return this;
    }

    /// Opens real connections, or whatever this one opens.
    HubBench with(Connector real) {
        other = Optional.of(real);
        return this;
    }

    HubBench variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    synchronized Hub hub() {
        if (hub.isEmpty()) {
            Workspaces workspaces =
                    new Workspaces(new WorkspaceSettings(folder.resolve("workspaces")));
            hub =
                    Optional.of(
                            new Hub(
                                    new Sources(
                                            configured,
                                            Optional.of(claudeFile),
                                            new Variables.All(variables),
                                            store,
                                            new OneProject(),
                                            workspaces),
                                    other.orElse(connector),
                                    settings,
                                    clock,
                                    (RandomGenerator) () -> 0,
                                    HubObserver.NONE));
        }
        return hub.get();
    }

    static Program program(String... words) {
        return new Program(
                words[0], List.of(words).subList(1, words.length), Map.of(), Optional.empty());
    }

    static ToolScope scope() {
        return scope("ada", Optional.empty());
    }

    static ToolScope inProject() {
        return scope("ada", Optional.of(PROJECT));
    }

    static ToolScope scope(String tenant, Optional<String> project) {
        return new ToolScope(
                tenant, tenant + "-key", true, project, Optional.empty(), Optional.empty());
    }

    /// The folder of the project that everybody has.
    Path workspace() {
        return folder.resolve("workspaces/one");
    }

    void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    ToolOutput call(String server, String tool) throws InterruptedException {
        return hub().call(scope(), server, tool, "{}", ToolWatcher.NONE);
    }

    /// Calls aside.
    CompletableFuture<ToolOutput> begin(String server, String tool) {
        CompletableFuture<ToolOutput> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                answer.complete(call(server, tool));
                            } catch (InterruptedException | RuntimeException failed) {
                                answer.completeExceptionally(failed);
                            }
                        });
        return answer;
    }

    State state(String server) {
        return hub().detail(scope(), server).server().state();
    }

    /// Moves the clock on, and lets the hub do what is due then.
    void pass(Duration time) {
        clock.advance(time);
        hub().tend();
    }

    static <T> T soon(CompletableFuture<T> outcome) throws Exception {
        return outcome.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Waits for what another thread does, without an event to wait for.
    static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it does not come to hold");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        connector.releaseStarts();
        hub.ifPresent(Hub::close);
    }

    /// Every tenant has the same project.
    private static final class OneProject implements ProjectStore {
        @Override
        public Optional<Project> find(String tenant, String id) {
            return id.equals(PROJECT)
                    ? Optional.of(
                            new Project(
                                    id,
                                    tenant,
                                    "one",
                                    Optional.empty(),
                                    "one",
                                    true,
                                    Instant.EPOCH,
                                    Instant.EPOCH))
                    : Optional.empty();
        }

        @Override
        public void create(Project project) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Project> list(String tenant, PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Project> update(
                String tenant,
                String id,
                Optional<String> name,
                Optional<String> description,
                Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> sessions(String tenant, String id, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean delete(String tenant, String id) {
            throw new UnsupportedOperationException();
        }
    }

    static Failure down(String why) {
        return new Failure(FailureCode.UPSTREAM_UNAVAILABLE, why);
    }
}
