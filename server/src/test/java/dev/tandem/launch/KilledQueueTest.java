package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.testing.HeldUpstream;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.ListMessagesRequest;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunState;
import dev.tandem.v1.SessionMessage;
import dev.tandem.v1.SessionServiceGrpc;
import dev.tandem.v1.WatchRunRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Questions that wait for their turn when their server is killed are interrupted as any other,
/// though they were never asked.
@Timeout(120)
final class KilledQueueTest {
    @TempDir Path folder;

    private final List<String> runs = new ArrayList<>();

    @Test
    void thoseThatWaitAreInterrupted() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try (HeldUpstream upstream = new HeldUpstream()) {
            Map<String, String> settings =
                    Map.of(
                            "anthropic.api-key",
                            "sk-ant-test-key",
                            "anthropic.base-url",
                            upstream.uri().toString());
            String session;
            try (Program program = Program.start(folder, port, settings)) {
                session = session(channel);
                for (String text : List.of("first", "second", "third")) {
                    runs.add(ask(channel, session, text));
                }
                upstream.await();
                program.kill();
            }

            try (Program _ = Program.start(folder, port, settings)) {
                for (String run : runs) {
                    assertEquals(
                            RunState.RUN_STATE_INTERRUPTED,
                            chat(channel)
                                    .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                                    .getState());
                }
                assertEquals(1, upstream.asked());
                List<String> history = history(channel, session);
                assertEquals("first", history.getFirst());
                assertEquals(false, history.contains("second") || history.contains("third"));
                List<RunEvent> told = new ArrayList<>();
                chat(channel)
                        .watchRun(WatchRunRequest.newBuilder().setRunId(runs.getLast()).build())
                        .forEachRemaining(told::add);
                assertEquals(true, told.getLast().hasInterrupted());

                String next = ask(channel, session, "next");
                upstream.await().release();
                chat(channel)
                        .watchRun(WatchRunRequest.newBuilder().setRunId(next).build())
                        .forEachRemaining(told::add);
                assertEquals(true, told.getLast().hasCompleted());
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private static ChatServiceBlockingStub chat(ManagedChannel channel) {
        return ChatServiceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static String session(ManagedChannel channel) {
        return SessionServiceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .createSession(
                        CreateSessionRequest.newBuilder().setModel("claude-sonnet-4-6").build())
                .getId();
    }

    private static String ask(ManagedChannel channel, String session, String text) {
        ChatCompletionRequest request =
                Chats.question(text)
                        .setSessionId(session)
                        .setBackground(true)
                        .setQueue(true)
                        .build();
        return chat(channel).createChatCompletion(request).getRunId();
    }

    private static List<String> history(ManagedChannel channel, String session) {
        return SessionServiceGrpc.newBlockingStub(channel)
                .listMessages(ListMessagesRequest.newBuilder().setSessionId(session).build())
                .getDataList()
                .stream()
                .map(SessionMessage::getContent)
                .toList();
    }
}
