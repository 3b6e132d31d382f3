package dev.tandem.plugin;

import dev.tandem.testing.PluginJar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A plugin with tools that behave in every way, and where it is loaded from.
final class SamplePlugin {
    static final String RELEASE = "dev.tandem.plugin.test.release";
    static final String CLOSED = "dev.tandem.plugin.test.closed";
    static final String TYPE = "com.example.Test";

    static final String SOURCE =
            """
            package com.example;
            import dev.tandem.plugin.*;
            import dev.tandem.tool.ToolOutput;
            import java.util.List;
            public final class Test implements ToolPlugin {
                public String name() { return "NAME"; }
                public List<PluginTool> tools() {
                    String any = "{\\"type\\":\\"object\\"}";
                    return List.of(
                        new PluginTool("tell", "Tells its call.",
                            "{\\"properties\\":{\\"days\\":{\\"type\\":\\"integer\\"}}}").readOnly(),
                        new PluginTool("fail", "Fails.", any),
                        new PluginTool("say_nothing", "Answers null.", any),
                        new PluginTool("wait", "Waits to be interrupted.", any),
                        new PluginTool("hang", "Minds no interrupt.", any));
                }
                public ToolOutput call(PluginCall call) throws Exception {
                    call.progress(1, 2, "begun");
                    switch (call.tool()) {
                        case "tell":
                            return ToolOutput.text(call.argumentsJson() + " " + call.context()
                                + " " + Thread.currentThread().getContextClassLoader().getName());
                        case "fail":
                            throw new IllegalStateException("no luck ".repeat(200));
                        case "wait":
                            try {
                                Thread.sleep(600_000);
                            } catch (InterruptedException asked) {
                                call.progress(2, 2, "interrupted");
                                throw asked;
                            }
                        case "hang":
                            while (!Boolean.getBoolean("dev.tandem.plugin.test.release")) {
                                Thread.onSpinWait();
                            }
                            call.progress(2, 2, "released");
                        default:
                            return null;
                    }
                }
                public void close() {
                    System.setProperty("dev.tandem.plugin.test.closed", "NAME");
                }
            }
            """;

    private SamplePlugin() {}

    static void make(Path jar, String name) throws IOException {
        PluginJar.make(jar, TYPE, SOURCE.replace("NAME", name));
    }

    static PluginSource open(Path folder, int callsMax) {
        PluginSettings settings =
                new PluginSettings(folder, callsMax, Duration.ofSeconds(1), 1 << 20, List.of());
        WorkspaceFolders folders =
                (tenant, project) -> Optional.of(Path.of("/base", tenant, project));
        return new PluginSource(settings, folders, Scopes.ids(), Scopes.CLOCK);
    }
}
