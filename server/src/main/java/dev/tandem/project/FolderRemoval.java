package dev.tandem.project;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Removes a folder with all that is in it, and follows no link, also not one that takes a folder's
/// place meanwhile: it goes down by open folders and not by paths, where the system can do that.
final class FolderRemoval {
    private FolderRemoval() {}

    /// @param folder below `root`, relative to it
    static void remove(Path root, Path folder) throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
            if (top instanceof SecureDirectoryStream<Path> open) {
                remove(open, folder);
            } else {
                walk(root.resolve(folder));
            }
        }
    }

    private static void remove(SecureDirectoryStream<Path> in, Path folder) throws IOException {
        Path name = folder.getName(0);
        if (folder.getNameCount() == 1) {
            removeChild(in, name);
            return;
        }
        try (SecureDirectoryStream<Path> next = open(in, name)) {
            remove(next, folder.subpath(1, folder.getNameCount()));
        }
    }

    private static void removeChild(SecureDirectoryStream<Path> in, Path name) throws IOException {
        try (SecureDirectoryStream<Path> folder = open(in, name)) {
            for (Path entry : folder) {
                Path child = entry.getFileName();
                if (isFolder(folder, child)) {
                    removeChild(folder, child);
                } else {
                    folder.deleteFile(child);
                }
            }
        }
        in.deleteDirectory(name);
    }

    private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> in, Path name)
            throws IOException {
        return in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isFolder(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }

    private static void walk(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path left, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.delete(left);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
