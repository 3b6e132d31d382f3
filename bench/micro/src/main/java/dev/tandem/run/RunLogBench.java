package dev.tandem.run;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// Through the log, without a second thread: what is measured is the book-keeping.
@State(Scope.Thread)
public class RunLogBench {
    private static final int EVENTS = 100;
    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private static final RunEvent EVENT = new RunEvent.Text(" streams its answers");

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void appendAndReadOneByOne(Blackhole hole) throws InterruptedException {
        MemoryRunLog log = new MemoryRunLog(1_000_000, TIMER);
        RunReader reader = log.readAfter(0);
        for (int i = 0; i < EVENTS; i++) {
            log.append(EVENT);
            hole.consume(reader.next(Duration.ZERO));
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void appendAllThenRead(Blackhole hole) throws InterruptedException {
        MemoryRunLog log = new MemoryRunLog(1_000_000, TIMER);
        for (int i = 0; i < EVENTS; i++) {
            log.append(EVENT);
        }
        hole.consume(log.readAfter(0).next(Duration.ZERO));
    }
}
