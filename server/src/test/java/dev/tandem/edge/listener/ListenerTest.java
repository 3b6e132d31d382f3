package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeGrpc;
import dev.tandem.edge.listener.probe.ProbeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One port, three ways in.
final class ListenerTest {

    private final Events events = new Events();
    private Listener listener;

    @BeforeEach
    void start() {
        listener =
                new Listener(
                                ListenerSettings.defaults().at("127.0.0.1", 0),
                                new ProbeRoutes(events).routing(),
                                List.of(new ProbeService(events).bindService()),
                                List.of(new EchoInterceptor()))
                        .start();
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    @Test
    void servesRestOverHttp1() throws Exception {
        try (RawHttp1 client = new RawHttp1(listener.port())) {
            String answer = client.get("/hello").readUntil("\r\n\r\nhello");

            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void servesRestAndGrpcOnOneHttp2Connection() throws Exception {
        try (RawHttp2 client = new RawHttp2(listener.port())) {
            client.get(1, "/hello").awaitEndOf(1);
            client.grpc(3, "Unary")
                    .message(3, ProbeRequest.newBuilder().setText("hi").build(), true)
                    .awaitEndOf(3);

            assertEquals("hello", client.body(1));
            assertTrue(client.body(3).contains("hi"), client.describe());
        }
    }

    @Test
    void servesGrpcClients() {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", listener.port()).usePlaintext().build();
        try {
            String text =
                    ProbeGrpc.newBlockingStub(channel)
                            .unary(ProbeRequest.newBuilder().setText("hi").build())
                            .getText();

            assertEquals("hi", text);
        } finally {
            channel.shutdownNow();
        }
    }
}
