package dev.tandem.clients.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tandem.clients.phone.CuttingProxy.Cut;
import dev.tandem.clients.phone.Phone.Network;
import dev.tandem.launch.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A thousand phones leave the tunnel at once: all connections of one server are cut in the same
/// moment, and every phone comes back and misses nothing.
///
/// `-Dtandem.resume.storm=1000` for figures worth printing.
@Timeout(120)
final class StormTest {
    private static final int PHONES = Integer.getInteger("tandem.resume.storm", 200);
    private static final int WORDS = 24;
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final CountDownLatch connected = new CountDownLatch(PHONES);
    private final CountDownLatch back = new CountDownLatch(PHONES);
    private final Set<Phone> heardFirst = ConcurrentHashMap.newKeySet();
    private final Set<Phone> cameBack = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastBack = new AtomicLong();

    @Test
    void everyPhoneComesBackAndMissesNothing() throws Exception {
        try (RunningServer server =
                        RunningServer.start(folder, Map.of("scripted.enabled", "true"));
                CuttingProxy proxy = new CuttingProxy(server.port(), () -> Cut.NEVER);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Phone> phones = new ArrayList<>();
            List<Future<Joined.Answer>> answers = new ArrayList<>();
            for (int number = 0; number < PHONES; number++) {
                Phone phone = phone(proxy.port(), number);
                phone.position().onNews(() -> heard(phone));
                phones.add(phone);
                answers.add(threads.submit(phone::toTheEnd));
            }
            long began = System.nanoTime();
            await(connected, answers);
            double first = (System.nanoTime() - began) / 1e9;

            long cut = System.nanoTime();
            proxy.cutAll();
            await(back, answers);
            for (Future<Joined.Answer> answer : answers) {
                assertEquals(said(), answer.get().text());
            }

            phones.forEach(StormTest::requireEachEventOnce);
            System.out.printf(
                    "%d streams cut at once: all were back after %.2f s, %d connections;"
                            + " they had asked within %.2f s%n",
                    PHONES,
                    (lastBack.get() - cut) / 1e9,
                    phones.stream().mapToInt(Phone::connections).sum(),
                    first);
        }
    }

    /// Waits for all phones, and tells why one of them has given up.
    private static void await(CountDownLatch all, List<Future<Joined.Answer>> answers)
            throws Exception {
        if (!all.await(MOST.toMillis(), TimeUnit.MILLISECONDS)) {
            for (Future<Joined.Answer> answer : answers) {
                if (answer.isDone()) {
                    answer.get();
                }
            }
            fail(all.getCount() + " phones are missing after " + MOST);
        }
    }

    private static Phone phone(int port, int number) {
        Question question =
                new Question(
                        "scripted/echo",
                        "",
                        "/script\npace " + PACE.toMillis() + "ms\nwords " + WORDS,
                        "storm " + number);
        Way way = number % 2 == 0 ? Way.GET_WITH_HEADER : Way.GRPC;
        return Phone.asking(
                Network.to(port, Duration.ofSeconds(15), new Random(number)), question, () -> way);
    }

    /// Called by the phone's thread for everything that it hears.
    private void heard(Phone phone) {
        if (phone.position().gap().isEmpty()) {
            if (heardFirst.add(phone)) {
                connected.countDown();
            }
        } else if (cameBack.add(phone)) {
            lastBack.accumulateAndGet(System.nanoTime(), Math::max);
            back.countDown();
        }
    }

    private static String said() {
        return IntStream.rangeClosed(1, WORDS)
                .mapToObj(number -> "word" + number)
                .collect(Collectors.joining(" "));
    }

    private static void requireEachEventOnce(Phone phone) {
        List<String> cursors = phone.position().joined().cursors();
        assertEquals(WORDS + 1, cursors.size());
        assertEquals(cursors.size(), new HashSet<>(cursors).size());
    }
}
