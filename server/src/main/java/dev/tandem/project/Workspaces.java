package dev.tandem.project;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The folders of projects, all below one root. No path leads out of it, neither by its text nor by
/// a link on the way; a link that stays inside is followed, and the workspace has the path of what
/// it leads to.
///
/// That no two projects share a folder, or hold one another's, is held by [ProjectStore#create],
/// which knows them all. So a project is made in this order: [#create], then the store; where that
/// refuses, [#discard].
///
/// Safe for use by many threads.
public final class Workspaces {
    private final Path root;

    /// A folder that a project may have.
    ///
    /// @param path relative to the root, with `/` between names and no links in it: what a
    ///     [Project] is to keep
    /// @param place where it is
    /// @param made whether it was made for this, so that it may be removed with its project
    public record Folder(String path, Path place, boolean made) {}

    /// Makes the root where it is missing.
    public Workspaces(WorkspaceSettings settings) {
        try {
            this.root = Files.createDirectories(settings.root()).toRealPath();
        } catch (IOException e) {
            throw new Failure(
                    FailureCode.INTERNAL,
                    "workspaces.root "
                            + settings.root().toAbsolutePath()
                            + " cannot be made or read; check its permissions.",
                    e);
        }
    }

    /// Finds a folder, or makes it and those above it.
    ///
    /// @param path relative to the root, with `/` between names
    /// @throws Failure INVALID_REQUEST, param `path`, where it would not be a folder below the root
    public Folder create(String path) {
        List<String> names = WorkspacePath.names(path);
        try {
            return descend(names);
        } catch (InvalidPathException | FileAlreadyExistsException | NoSuchFileException e) {
            throw new Failure(
                            FailureCode.INVALID_REQUEST,
                            "path must lead to a folder that this server can name and read, was "
                                    + path
                                    + ".",
                            e)
                    .at("path");
        } catch (IOException e) {
            throw new Failure(
                    FailureCode.INTERNAL, "The folder " + path + " could not be made.", e);
        }
    }

    private Folder descend(List<String> names) throws IOException {
        Path folder = root;
        boolean made = false;
        for (String name : names) {
            Path next = folder.resolve(name);
            made = make(next);
            folder = inside(next.toRealPath());
        }
        String canonical = root.relativize(folder).toString().replace('\\', '/');
        if (canonical.isEmpty()) {
            throw leavesTheRoot();
        }
        return new Folder(canonical, folder, made);
    }

    /// Whether it was made now. Passes over what is there, a link to a folder too.
    private static boolean make(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            return false;
        }
    }

    private Path inside(Path real) {
        if (!real.startsWith(root)) {
            throw leavesTheRoot();
        }
        return real;
    }

    private static Failure leavesTheRoot() {
        return Failure.invalid(
                "path", "path must lead to a folder below the root, but a link leads elsewhere.");
    }

    /// The folder of a project, made again where it is missing.
    ///
    /// @throws Failure CONFLICT, param `path`, where something else is in its place, such as a link
    public Path folder(Project project) {
        Folder now = create(project.path());
        if (!now.path().equals(project.path())) {
            throw replaced(project);
        }
        return now.place();
    }

    /// Takes back a folder that no project came to have: removes it if it was made for that and
    /// is still empty.
    public void discard(Folder folder) {
        if (!folder.made()) {
            return;
        }
        try {
            Files.delete(folder.place());
        } catch (NoSuchFileException | DirectoryNotEmptyException usedOrGone) {
            return;
        } catch (IOException e) {
            throw new Failure(
                    FailureCode.INTERNAL,
                    "The folder " + folder.path() + " could not be removed.",
                    e);
        }
    }

    /// Removes the folder of a project that was deleted, with all that is in it, if this server
    /// made it. Folders above it stay. Links in it are removed, never what they lead to. Whether
    /// there was one.
    ///
    /// @throws Failure CONFLICT, param `path`, where something else is in its place, such as a link
    public boolean remove(Project project) {
        if (!project.folderMade()) {
            return false;
        }
        Path folder = root;
        for (String name : WorkspacePath.names(project.path())) {
            folder = folder.resolve(name);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw replaced(project);
            }
        }
        try {
            FolderRemoval.remove(root, root.relativize(folder));
            return true;
        } catch (IOException e) {
            throw new Failure(
                    FailureCode.INTERNAL,
                    "The folder " + project.path() + " could not be removed whole.",
                    e);
        }
    }

    private static Failure replaced(Project project) {
        return new Failure(
                        FailureCode.CONFLICT,
                        "The folder "
                                + project.path()
                                + " was replaced by something else; put it right by hand.")
                .at("path");
    }
}
