package dev.tandem.clients;

import dev.tandem.launch.RunningServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// A server that wants a key, has scripted models, and knows Claude's.
final class KeyedServer {
    /// Opens the server.
    static final String KEY = "key-of-ada-5e1d0c7b2f";

    /// Opens the server for another tenant.
    static final String OTHER_KEY = "key-of-bob-91c4f0aa63";

    /// What the server shows to Anthropic.
    static final String ANTHROPIC_KEY = "sk-ant-the-operators-own-77aa";

    private KeyedServer() {}

    /// One that never asks Anthropic.
    static RunningServer start(Path folder) {
        return start(folder, URI.create("http://127.0.0.1:9"));
    }

    static RunningServer start(Path folder, URI anthropic) {
        return RunningServer.start(
                folder,
                Map.of(
                        "scripted.enabled", "true",
                        "scripted.pace", "0ms",
                        "anthropic.api-key", ANTHROPIC_KEY,
                        "anthropic.base-url", anthropic.toString(),
                        "auth.keys.0.name", "ada",
                        "auth.keys.0.key", KEY,
                        "auth.keys.1.name", "bob",
                        "auth.keys.1.tenant", "bobs",
                        "auth.keys.1.key", OTHER_KEY));
    }
}
