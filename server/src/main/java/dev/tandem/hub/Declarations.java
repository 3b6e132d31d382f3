package dev.tandem.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.hub.Declared.Home;
import dev.tandem.hub.Declared.Source;
import dev.tandem.project.ProjectStore;
import dev.tandem.project.Workspaces;
import dev.tandem.tool.ToolScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Every place that servers are declared in: this server's configuration, Claude Code's file of the
/// operator, what admins added, and the files of projects. Reads them anew where they have changed.
/// Safe for use by many threads.
final class Declarations {
    private static final String PROJECT_FILE = ".mcp.json";
    private static final List<String> PROJECT_SETTINGS =
            List.of(".claude/settings.json", ".claude/settings.local.json");

    private static final String LOCKED =
            "It was stored with another key; bring that key back, or add the server again.";

    private final Map<String, ServerDeclaration> configured;
    private final Optional<Path> claudeFile;
    private final ServerStore store;
    private final ProjectStore projects;
    private final Workspaces workspaces;
    private final JsonFiles files = new JsonFiles();

    /// What a scope finds.
    ///
    /// @param servers by id; a project's own hide those of the same name that are for everybody
    /// @param home the scope's project
    /// @param problems with whole files, in words for the operator
    record Found(Map<String, Declared> servers, Optional<Home> home, List<String> problems) {}

    /// @param configured by name
    /// @param claudeFile `.claude.json`; empty where it is not read
    Declarations(
            Map<String, ServerDeclaration> configured,
            Optional<Path> claudeFile,
            ServerStore store,
            ProjectStore projects,
            Workspaces workspaces) {
        this.configured = Map.copyOf(configured);
        this.claudeFile = claudeFile;
        this.store = store;
        this.projects = projects;
        this.workspaces = workspaces;
    }

    /// What a scope finds declared.
    ///
    /// @throws Failure NOT_FOUND, param `project_id`
    Found of(ToolScope scope) {
        Optional<Home> home = scope.projectId().map(id -> home(scope.tenant(), id));
        Names names = new Names();
        JsonFiles.Content claude =
                claudeFile
                        .map(files::read)
                        .orElseGet(() -> new JsonFiles.Content(none(), Optional.empty()));
        claude.problem().ifPresent(names.problems::add);
        home.ifPresent(project -> addProject(project, claude.json(), names));
        configured.forEach((name, one) -> names.add(Source.CONFIGURATION, name, Optional.of(one)));
        names.add(Source.CLAUDE_USER, Optional.empty(), claude.json().path("mcpServers"));
        for (AddedServer one : store.added(scope.tenant())) {
            names.add(Source.API, one.name(), one.declaration());
        }
        Map<String, Declared> byId = new TreeMap<>();
        names.found.values().forEach(one -> byId.put(one.id(), one));
        return new Found(byId, home, List.copyOf(names.problems));
    }

    private Home home(String tenant, String projectId) {
        return projects.find(tenant, projectId)
                .map(project -> new Home(projectId, workspaces.folder(project)))
                .orElseThrow(
                        () ->
                                Failure.notFound(
                                        "project_id", "There is no project " + projectId + "."));
    }

    private void addProject(Home home, JsonNode claude, Names names) {
        JsonNode local = claude.path("projects").path(home.folder().toString());
        names.add(Source.CLAUDE_LOCAL, Optional.of(home), local.path("mcpServers"));
        JsonFiles.Content file = files.readWithin(home.folder(), PROJECT_FILE);
        file.problem().ifPresent(names.problems::add);
        Set<String> disabled = disabled(home);
        names.add(
                Source.PROJECT_FILE,
                Optional.of(home),
                without(file.json().path("mcpServers"), disabled));
    }

    /// Claude Code's `disabledMcpjsonServers`. Its list of enabled ones is not honoured: whoever
    /// writes the project's servers could write it, too.
    private Set<String> disabled(Home home) {
        Set<String> disabled = new HashSet<>();
        for (String file : PROJECT_SETTINGS) {
            JsonNode settings = files.readWithin(home.folder(), file).json();
            settings.path("disabledMcpjsonServers").forEach(name -> disabled.add(name.asText()));
        }
        return disabled;
    }

    private static JsonNode without(JsonNode servers, Set<String> names) {
        return servers.isObject() && !names.isEmpty()
                ? servers.<ObjectNode>deepCopy().remove(names)
                : servers;
    }

    private static JsonNode none() {
        return MissingNode.getInstance();
    }

    /// Collects servers, of which the first of a name counts.
    private static final class Names {
        final Map<String, Declared> found = new LinkedHashMap<>();
        final List<String> problems = new ArrayList<>();

        void add(Source source, String name, Optional<ServerDeclaration> declaration) {
            Optional<String> problem =
                    declaration.isPresent() ? Optional.empty() : Optional.of(LOCKED);
            put(source, Optional.empty(), name, declaration, problem);
        }

        /// @param servers what `mcpServers` holds
        void add(Source source, Optional<Home> home, JsonNode servers) {
            List<String> written = new ArrayList<>();
            servers.fieldNames().forEachRemaining(written::add);
            Map<String, String> legal = ServerNames.legal(written);
            for (String name : written) {
                JsonNode json = servers.path(name);
                if (!json.path("disabled").asBoolean()) {
                    read(source, home, legal.getOrDefault(name, name), json);
                }
            }
        }

        private void read(Source source, Optional<Home> home, String name, JsonNode json) {
            try {
                ServerDeclaration declaration = DeclarationJson.read(json);
                put(source, home, name, Optional.of(declaration), Optional.empty());
            } catch (IllegalArgumentException wrong) {
                String problem = "Its declaration is wrong: " + wrong.getMessage() + ".";
                put(source, home, name, Optional.empty(), Optional.of(problem));
            }
        }

        private void put(
                Source source,
                Optional<Home> home,
                String name,
                Optional<ServerDeclaration> declaration,
                Optional<String> problem) {
            String id = home.map(project -> name + "@" + project.projectId()).orElse(name);
            found.putIfAbsent(name, new Declared(id, name, source, home, declaration, problem));
        }
    }
}
