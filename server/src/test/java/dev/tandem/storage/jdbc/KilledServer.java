package dev.tandem.storage.jdbc;

import dev.tandem.session.Session;
import dev.tandem.storage.Samples;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A program that stores sessions and prints the id of each that was acknowledged, until it is
/// killed.
final class KilledServer {
    private KilledServer() {}

    public static void main(String[] args) {
        Database database = Database.open(StorageSettings.DEFAULTS.in(Path.of(args[0])));
        JdbcSessionStore sessions = new JdbcSessionStore(database);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                threads.execute(() -> storeForEver(sessions, System.out));
            }
        }
    }

    private static void storeForEver(JdbcSessionStore sessions, PrintStream out) {
        while (true) {
            Session session = Samples.session();
            sessions.create(session);
            synchronized (out) {
                out.println(session.id());
                out.flush();
            }
        }
    }
}
