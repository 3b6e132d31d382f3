package dev.tandem.storage.jdbc;

import java.nio.file.Path;
import java.time.Duration;

/// Where data is kept, and how much may wait for it.
///
/// @param folder `storage.data`: holds the database; made where it is missing; one server at a time
/// @param readers threads that read, each with a connection of its own
/// @param queueMax the most reads, and the most writes, that wait their turn; further ones are
///     refused as overload
/// @param waitMax how long a caller waits for its read or write, in the queue and at work
public record StorageSettings(Path folder, int readers, int queueMax, Duration waitMax) {
    public static final StorageSettings DEFAULTS =
            new StorageSettings(Path.of("data"), 3, 16_384, Duration.ofSeconds(10));

    public StorageSettings {
        require(!folder.toString().isBlank(), "storage.data must not be empty");
        require(readers >= 1 && readers <= 64, "storage.readers must be 1 to 64, was " + readers);
        require(queueMax >= 1, "storage.queue-max must be at least 1, was " + queueMax);
        require(waitMax.toMillis() >= 1, "storage.wait-max must be at least 1 ms, was " + waitMax);
    }

    /// The same settings with another folder.
    public StorageSettings in(Path folder) {
        return new StorageSettings(folder, readers, queueMax, waitMax);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
