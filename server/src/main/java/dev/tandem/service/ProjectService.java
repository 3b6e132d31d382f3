package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.project.Project;
import dev.tandem.project.ProjectStore;
import dev.tandem.project.Workspaces;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.run.Runs;
import dev.tandem.session.SessionStore;
import dev.tandem.v1.CreateProjectRequest;
import dev.tandem.v1.DeleteProjectRequest;
import dev.tandem.v1.DeleteProjectResponse;
import dev.tandem.v1.GetProjectRequest;
import dev.tandem.v1.ListProjectsRequest;
import dev.tandem.v1.ListProjectsResponse;
import dev.tandem.v1.ProjectOuterClass;
import dev.tandem.v1.UpdateProjectRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Serves projects and the folders that belong to them.
public final class ProjectService {
    private static final int SESSIONS_PER_ROUND = 100;

    private final ProjectStore projects;
    private final Workspaces workspaces;
    private final SessionStore sessions;
    private final Runs runs;
    private final ProjectTools tools;
    private final Ids ids;
    private final InstantSource clock;

    public ProjectService(
            ProjectStore projects,
            Workspaces workspaces,
            SessionStore sessions,
            Runs runs,
            ProjectTools tools,
            Ids ids,
            InstantSource clock) {
        this.projects = projects;
        this.workspaces = workspaces;
        this.sessions = sessions;
        this.runs = runs;
        this.tools = tools;
        this.ids = ids;
        this.clock = clock;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        dev.tandem.v1.Project project = dev.tandem.v1.Project.getDefaultInstance();
        Contract contract = new Contract(ProjectOuterClass.getDescriptor(), "ProjectService");
        return tools.bind(contract)
                .unary(
                        "CreateProject",
                        CreateProjectRequest.getDefaultInstance(),
                        project,
                        this::create)
                .unary(
                        "ListProjects",
                        ListProjectsRequest.getDefaultInstance(),
                        ListProjectsResponse.getDefaultInstance(),
                        this::list)
                .unary("GetProject", GetProjectRequest.getDefaultInstance(), project, this::get)
                .unary(
                        "UpdateProject",
                        UpdateProjectRequest.getDefaultInstance(),
                        project,
                        this::update)
                .unary(
                        "DeleteProject",
                        DeleteProjectRequest.getDefaultInstance(),
                        DeleteProjectResponse.getDefaultInstance(),
                        this::delete)
                .methods();
    }

    private dev.tandem.v1.Project create(Call call, CreateProjectRequest request) {
        String id = ids.project();
        Optional<String> description =
                Fields.text(request.hasDescription(), request.getDescription());
        String path = Fields.text(request.hasPath(), request.getPath()).orElse(id);
        Workspaces.Folder folder = workspaces.create(path);
        Instant now = clock.instant();
        Project project =
                new Project(
                        id,
                        call.tenant(),
                        request.getName(),
                        description.filter(text -> !text.isEmpty()),
                        folder.path(),
                        folder.made(),
                        now,
                        now);
        try {
            projects.create(project);
        } catch (Failure refused) {
            workspaces.discard(folder);
            throw refused;
        }
        return wire(project);
    }

    private ListProjectsResponse list(Call call, ListProjectsRequest request) {
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        ProjectStore.LIST);
        Page<Project> found = projects.list(call.tenant(), page);
        ListProjectsResponse.Builder answer =
                ListProjectsResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(project -> answer.addData(wire(project)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private dev.tandem.v1.Project get(Call call, GetProjectRequest request) {
        return wire(find(call, request.getProjectId()));
    }

    private dev.tandem.v1.Project update(Call call, UpdateProjectRequest request) {
        Optional<String> name = Fields.text(request.hasName(), request.getName());
        Optional<String> description =
                Fields.text(request.hasDescription(), request.getDescription());
        return projects.update(
                        call.tenant(), request.getProjectId(), name, description, clock.instant())
                .map(ProjectService::wire)
                .orElseThrow(() -> absent(request.getProjectId()));
    }

    private DeleteProjectResponse delete(Call call, DeleteProjectRequest request)
            throws InterruptedException {
        Project project = find(call, request.getProjectId());
        if (request.getForce()) {
            deleteSessions(call.tenant(), project.id());
        }
        if (!projects.delete(call.tenant(), project.id())) {
            throw new Failure(
                            FailureCode.CONFLICT,
                            "The project "
                                    + project.id()
                                    + " has sessions; delete them first, or send force=true.")
                    .at("force");
        }
        workspaces.remove(project);
        return DeleteProjectResponse.getDefaultInstance();
    }

    private void deleteSessions(String tenant, String project) throws InterruptedException {
        List<String> some = projects.sessions(tenant, project, SESSIONS_PER_ROUND);
        while (!some.isEmpty()) {
            for (String session : some) {
                runs.cancelAll(tenant, session);
                sessions.delete(tenant, session);
                runs.cancelAll(tenant, session);
            }
            some = projects.sessions(tenant, project, SESSIONS_PER_ROUND);
        }
    }

    private Project find(Call call, String id) {
        return projects.find(call.tenant(), id).orElseThrow(() -> absent(id));
    }

    private static dev.tandem.v1.Project wire(Project project) {
        dev.tandem.v1.Project.Builder wire =
                dev.tandem.v1.Project.newBuilder()
                        .setId(project.id())
                        .setName(project.name())
                        .setPath(project.path())
                        .setCreatedAt(Fields.timestamp(project.createdAt()))
                        .setUpdatedAt(Fields.timestamp(project.updatedAt()));
        project.description().ifPresent(wire::setDescription);
        return wire.build();
    }

    private static Failure absent(String id) {
        return Failure.notFound("project_id", "There is no project " + id + ".");
    }
}
