package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.launch.RunningServer;
import dev.tandem.v1.ListModelsRequest;
import dev.tandem.v1.ModelServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who gets in, on both wires: with keys and without.
final class DoorTest {
    @TempDir private Path data;

    @Test
    void healthIsOpenAndMetricsNeedAKey() {
        try (RunningServer server = KeyedServer.start(data)) {
            for (String path : List.of("/health", "/health/live", "/health/ready")) {
                assertEquals(200, server.get(path).statusCode(), path);
            }
            assertEquals(401, server.get("/metrics").statusCode());
            assertEquals(
                    200,
                    server.send(
                                    HttpRequest.newBuilder(server.uri("/metrics"))
                                            .header("x-api-key", KeyedServer.KEY))
                            .statusCode());
            assertEquals(
                    HealthCheckResponse.ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(server.grpc())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus());
            assertEquals(
                    HealthCheckResponse.ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(server.grpc())
                            .watch(HealthCheckRequest.getDefaultInstance())
                            .next()
                            .getStatus());
        }
    }

    @Test
    void reflectionNeedsAKeyInBothItsVersions() throws Exception {
        try (RunningServer server = KeyedServer.start(data)) {
            for (Reflection version : Reflection.values()) {
                StatusRuntimeException refused =
                        assertThrows(
                                StatusRuntimeException.class,
                                () -> version.services(server.grpc(), ""));
                assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
                List<String> services = version.services(server.grpc(), KeyedServer.KEY);
                assertTrue(
                        services.containsAll(
                                List.of(
                                        "tandem.v1.ChatService",
                                        "tandem.v1.ModelService",
                                        "tandem.v1.ProjectService",
                                        "tandem.v1.SessionService",
                                        "grpc.health.v1.Health")),
                        services::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,               200",
        "localhost:1234,          200",
        "127.0.0.1:80,            200",
        "[::1]:80,                200",
        "evil.example,            403",
        "evil.example:8000,       403",
        "127.0.0.1.evil.example,  403",
        "localhost.evil.example,  403",
        "10.0.0.7:8000,           403"
    })
    void withoutKeysOnlyLoopbackNamesAreServed(String host, int status) throws IOException {
        try (RunningServer server = keyless()) {
            assertEquals(status, statusOf(server, "Host: " + host));
            assertEquals(
                    status == 200 ? Status.Code.OK : Status.Code.PERMISSION_DENIED,
                    grpcStatus(server, host, ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000,     200",
        "http://127.0.0.1,          200",
        "https://evil.example,      403",
        "http://localhost.evil.com, 403",
        "null,                      403"
    })
    void withoutKeysOnlyLoopbackPagesAreServed(String origin, int status) throws IOException {
        try (RunningServer server = keyless()) {
            assertEquals(status, statusOf(server, "Host: localhost\r\nOrigin: " + origin));
            assertEquals(
                    status == 200 ? Status.Code.OK : Status.Code.PERMISSION_DENIED,
                    grpcStatus(server, "localhost", origin));
        }
    }

    @Test
    void withKeysEveryNameIsServedToWhoHasOne() throws IOException {
        try (RunningServer server = KeyedServer.start(data)) {
            String key = "\r\nAuthorization: Bearer " + KeyedServer.KEY;
            assertEquals(200, statusOf(server, "Host: tandem.example" + key));
            assertEquals(401, statusOf(server, "Host: tandem.example"));
        }
    }

    private RunningServer keyless() {
        return RunningServer.start(data, Map.of("scripted.enabled", "true"));
    }

    /// The JDK's client does not let a test choose `Host`, so this one speaks by hand.
    private static int statusOf(RunningServer server, String headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request =
                    "GET /v1/models HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    private static Status.Code grpcStatus(RunningServer server, String authority, String origin) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                        .usePlaintext()
                        .overrideAuthority(authority)
                        .build();
        Metadata headers = new Metadata();
        if (!origin.isEmpty()) {
            headers.put(Metadata.Key.of("origin", Metadata.ASCII_STRING_MARSHALLER), origin);
        }
        try {
            ModelServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .listModels(ListModelsRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }
}
