package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The folder of a server's data, held for this server alone until it is closed. The lock is the
/// operating system's: it ends with the process, however that ends.
final class DataFolder implements AutoCloseable {
    private static final String LOCK = "tandem.lock";
    private static final String DATABASE = "tandem.db";

    private final Path folder;
    private final FileChannel lock;

    private DataFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Makes the folder, for its owner only, where it is missing, and takes it.
    ///
    /// @throws Failure CONFLICT where another server has it
    static DataFolder take(Path folder) {
        try {
            Files.createDirectories(folder, ownerOnly());
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new Failure(
                        FailureCode.CONFLICT,
                        "The data folder "
                                + folder.toAbsolutePath()
                                + " is in use by another server; stop that one, or set"
                                + " storage.data.");
            }
            return new DataFolder(folder, channel);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    "storage.data must be a folder, but " + folder.toAbsolutePath() + " is a file.",
                    e);
        } catch (IOException e) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    "The data folder "
                            + folder.toAbsolutePath()
                            + " cannot be written; check its permissions or set storage.data.",
                    e);
        }
    }

    Path database() {
        return database(folder);
    }

    /// The file of the database in a folder that need not be taken.
    static Path database(Path folder) {
        return folder.resolve(DATABASE);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What people say to models is nobody else's business on this machine.
    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }
}
