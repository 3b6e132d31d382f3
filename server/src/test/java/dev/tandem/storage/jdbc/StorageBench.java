package dev.tandem.storage.jdbc;

import dev.tandem.run.RunRecord;
import dev.tandem.session.Session;
import dev.tandem.storage.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Measures durable writes from virtual threads, with and without readers beside them, and how long
/// an unrelated virtual thread oversleeps meanwhile. Run by hand: `StorageBench [folder
// [seconds]]`.
final class StorageBench {
    private static final int THREADS = 64;
    private static final String TEXT = "x".repeat(600);

    private final Database database;
    private final Duration time;

    private StorageBench(Database database, Duration time) {
        this.database = database;
        this.time = time;
    }

    public static void main(String[] args) throws Exception {
        Path folder = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("bench");
        Duration time = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 5);
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(folder))) {
            StorageBench bench = new StorageBench(database, time);
            bench.measure("warm-up: sessions", THREADS, bench::createSession);
            bench.measure("create a session", THREADS, bench::createSession);
            bench.measure("begin + finish (4 rows, 2 commits)", THREADS, bench::talk);
            bench.measure("begin + finish, 1 thread", 1, bench::talk);
            bench.measure("find a session", THREADS, bench::find);
            bench.measure("turn: find, history, begin, finish", THREADS, bench::turn);
        }
    }

    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Session> own = ThreadLocal.withInitial(this::fresh);

    private void createSession() {
        idle.add(fresh());
    }

    private Session fresh() {
        Session session = Samples.session();
        new JdbcSessionStore(database).create(session);
        return session;
    }

    private void talk() {
        JdbcRunStore runs = new JdbcRunStore(database);
        RunRecord run = Samples.run(own.get());
        runs.begin(run, List.of(Samples.question(run, TEXT)), Optional.of("title"));
        runs.finish(
                Samples.completed(run, Samples.bill(1)),
                List.of(Samples.answer(run, TEXT)),
                false,
                Optional.empty());
    }

    private void find() {
        Session _ =
                new JdbcSessionStore(database).find(Samples.TENANT, own.get().id()).orElseThrow();
    }

    private void turn() {
        find();
        // a new session every ten turns, so that histories have a usual length
        if (new JdbcSessionStore(database).history(Samples.TENANT, own.get().id()).size() >= 20) {
            own.set(fresh());
        }
        talk();
    }

    private void measure(String name, int threads, Runnable work) throws InterruptedException {
        ConcurrentLinkedQueue<long[]> took = new ConcurrentLinkedQueue<>();
        long[] late;
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                pool.execute(() -> took.add(repeat(work, end)));
            }
            late = oversleep(end);
        }
        long[] all = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-36s %8.0f/s  p50 %6.2f ms  p99 %6.2f ms  max %6.1f ms | tick p99 %5.1f ms%n",
                name,
                all.length / (time.toNanos() / 1e9),
                at(all, 0.5),
                at(all, 0.99),
                at(all, 1),
                at(late, 0.99));
    }

    private static long[] repeat(Runnable work, long end) {
        long[] took = new long[1 << 16];
        int count = 0;
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            work.run();
            if (count == took.length) {
                took = Arrays.copyOf(took, 2 * count);
            }
            took[count++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(took, count);
    }

    /// Sleeps for 5 ms again and again on a virtual thread, and says by how much it overslept.
    private static long[] oversleep(long end) throws InterruptedException {
        ConcurrentLinkedQueue<Long> late = new ConcurrentLinkedQueue<>();
        Thread ticker =
                Thread.startVirtualThread(
                        () -> {
                            while (System.nanoTime() < end) {
                                long start = System.nanoTime();
                                try {
                                    Thread.sleep(Duration.ofMillis(5));
                                } catch (InterruptedException e) {
                                    return;
                                }
                                late.add(System.nanoTime() - start - 5_000_000);
                            }
                        });
        ticker.join();
        return late.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static double at(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / 1e6;
    }
}
