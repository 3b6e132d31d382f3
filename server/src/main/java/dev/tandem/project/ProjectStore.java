package dev.tandem.project;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where projects are kept. Every look-up names the tenant; another tenant's project is as absent
/// as one that never was. What a method has returned from is durable. Safe for use by many threads.
public interface ProjectStore {
    /// The name of the list of projects, for its page tokens.
    String LIST = "projects";

    /// Stores a project. A folder belongs to one project, whosever it is: two that shared one, or
    /// of which one held the other's, would read and remove each other's files. Names that differ
    /// only in case are the same.
    ///
    /// @throws dev.tandem.failure.Failure ALREADY_EXISTS, param `path`, where the folder is another
    ///     project's, within it, or around it
    void create(Project project);

    Optional<Project> find(String tenant, String id);

    /// Newest first. The tokens' list is [#LIST].
    Page<Project> list(String tenant, PageRequest page);

    /// Changes a project as [Project#changed] says and returns it; empty where it is absent.
    Optional<Project> update(
            String tenant,
            String id,
            Optional<String> name,
            Optional<String> description,
            Instant now);

    /// The ids of a project's sessions, at most `limit`.
    List<String> sessions(String tenant, String id, int limit);

    /// Deletes a project that has no sessions. Whether it is gone now because of this call: false
    /// where it was absent or still has sessions.
    boolean delete(String tenant, String id);
}
