package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.project.Project;
import dev.tandem.project.ProjectStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Projects in the database.
public final class JdbcProjectStore implements ProjectStore {
    private static final String SELECT =
            "SELECT id, tenant, name, description, path, folder_made, created_at, updated_at"
                    + " FROM project WHERE tenant = ?";

    /// Whether a folder is another project's, within it, or around it.
    private static final String OVERLAPPING =
            """
            SELECT 1 FROM project WHERE path_key = ?
                OR SUBSTR(path_key, 1, LENGTH(?) + 1) = ? || '/'
                OR SUBSTR(?, 1, LENGTH(path_key) + 1) = path_key || '/'
            """;

    private final Database database;

    public JdbcProjectStore(Database database) {
        this.database = database;
    }

    @Override
    public void create(Project project) {
        int _ = database.write(transaction -> insert(transaction, project));
    }

    private static int insert(Transaction transaction, Project project) throws SQLException {
        String key = project.path().toLowerCase(Locale.ROOT);
        if (transaction.any(OVERLAPPING, key, key, key, key)) {
            throw new Failure(
                            FailureCode.ALREADY_EXISTS,
                            "The folder "
                                    + project.path()
                                    + " is a project's, or within or around one; choose another.")
                    .at("path");
        }
        return transaction.update(
                "INSERT INTO project (tenant, id, name, description, path, path_key, folder_made,"
                        + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                project.tenant(),
                project.id(),
                project.name(),
                project.description(),
                project.path(),
                key,
                project.folderMade(),
                project.createdAt(),
                project.updatedAt());
    }

    @Override
    public Optional<Project> find(String tenant, String id) {
        return database.read(transaction -> find(transaction, tenant, id));
    }

    private static Optional<Project> find(Transaction transaction, String tenant, String id)
            throws SQLException {
        return transaction.first(SELECT + " AND id = ?", JdbcProjectStore::project, tenant, id);
    }

    @Override
    public Page<Project> list(String tenant, PageRequest page) {
        return database.read(transaction -> list(transaction, tenant, page));
    }

    private static Page<Project> list(Transaction transaction, String tenant, PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant));
        Optional<PageToken> after = page.after();
        if (after.isPresent()) {
            sql.append(" AND id < ?");
            values.add(after.get().lastId());
        }
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(page.size() + 1);
        List<Project> rows =
                transaction.all(sql.toString(), JdbcProjectStore::project, values.toArray());
        return Page.of(rows, page.size(), LIST, Project::id);
    }

    @Override
    public Optional<Project> update(
            String tenant,
            String id,
            Optional<String> name,
            Optional<String> description,
            Instant now) {
        return database.write(
                transaction -> {
                    Optional<Project> after =
                            find(transaction, tenant, id)
                                    .map(before -> before.changed(name, description, now));
                    if (after.isPresent()) {
                        store(transaction, after.get());
                    }
                    return after;
                });
    }

    private static void store(Transaction transaction, Project project) throws SQLException {
        transaction.update(
                "UPDATE project SET name = ?, description = ?, updated_at = ?"
                        + " WHERE tenant = ? AND id = ?",
                project.name(),
                project.description(),
                project.updatedAt(),
                project.tenant(),
                project.id());
    }

    @Override
    public List<String> sessions(String tenant, String id, int limit) {
        return database.read(
                transaction ->
                        transaction.all(
                                "SELECT id FROM session WHERE tenant = ? AND project_id = ?"
                                        + " ORDER BY id DESC LIMIT ?",
                                row -> row.text("id"),
                                tenant,
                                id,
                                limit));
    }

    @Override
    public boolean delete(String tenant, String id) {
        return database.write(
                transaction ->
                        transaction.update(
                                        "DELETE FROM project WHERE tenant = ? AND id = ?"
                                                + " AND NOT EXISTS (SELECT 1 FROM session"
                                                + " WHERE session.tenant = project.tenant"
                                                + " AND session.project_id = project.id)",
                                        tenant,
                                        id)
                                == 1);
    }

    private static Project project(Row row) throws SQLException {
        return new Project(
                row.text("id"),
                row.text("tenant"),
                row.text("name"),
                row.optionalText("description"),
                row.text("path"),
                row.flag("folder_made"),
                row.time("created_at"),
                row.time("updated_at"));
    }
}
