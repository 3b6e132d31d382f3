package dev.tandem.edge.listener;

import java.io.IOException;

/// Serves the probe until it is killed, for tools that are run by hand: `java -cp …
/// dev.tandem.edge.listener.ProbeServer netty|helidon|grpc PORT`.
final class ProbeServer {

    private ProbeServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[1]);
        ListenerSettings settings = TestSettings.defaults().at("127.0.0.1", port);
        Subject subject =
                switch (args[0]) {
                    case "netty" -> Subject.listener(settings);
                    case "helidon" -> Subject.listener(settings.over(Transport.HELIDON));
                    default -> Subject.grpcNetty(port);
                };
        try (subject) {
            Thread.currentThread().join();
        }
    }
}
