package dev.tandem.plugin;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolWatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A plugin in Java. Each call has a platform thread: what a plugin does is not ours, and a loop
/// without an end on a virtual thread would take a carrier from everybody. So a call that hangs
/// costs a thread, and of those there are only so many.
final class JavaPlugin implements PluginServer {
    private static final Logger LOG = LoggerFactory.getLogger(JavaPlugin.class);
    private static final int MESSAGE_CHARS_MAX = 500;

    private final ToolPlugin plugin;
    private final String jar;
    private final String name;
    private final List<CheckedTool> tools;
    private final WorkspaceFolders folders;
    private final int callsMax;
    private final Semaphore room;

    /// Asks a plugin what it is.
    ///
    /// @param jar where it was found, in words for the operator
    /// @param callsMax the most calls in progress, those that nobody waits for any more included
    /// @throws IllegalArgumentException where its name is none, or a schema, or two tools share a
    ///     name
    JavaPlugin(ToolPlugin plugin, String jar, WorkspaceFolders folders, int callsMax) {
        this.plugin = plugin;
        this.jar = jar;
        this.folders = folders;
        this.callsMax = callsMax;
        this.room = new Semaphore(callsMax);
        this.name = plugin.name();
        PluginNames.checkPlugin(name);
        this.tools = plugin.tools().stream().map(CheckedTool::of).toList();
        Set<String> names = new HashSet<>();
        for (CheckedTool tool : tools) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("two of its tools are named " + tool.name());
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String source() {
        return jar;
    }

    /// What the jar's manifest says.
    @Override
    public Optional<String> version() {
        return Optional.ofNullable(plugin.getClass().getPackage().getImplementationVersion());
    }

    @Override
    public List<CheckedTool> tools() {
        return tools;
    }

    @Override
    public ToolOutput call(ToolScope scope, String tool, String arguments, ToolWatcher watcher)
            throws InterruptedException {
        PluginCall call = new PluginCall(tool, arguments, context(scope), watcher);
        FutureTask<@Nullable ToolOutput> answer = begun(call);
        try {
            ToolOutput output = answer.get();
            return output == null
                    ? ToolOutput.failure("The tool " + tool + " has answered nothing.")
                    : output;
        } catch (ExecutionException failed) {
            return failure(tool, failed.getCause() == null ? failed : failed.getCause());
        } finally {
            boolean _ = answer.cancel(true);
        }
    }

    private FutureTask<@Nullable ToolOutput> begun(PluginCall call) {
        if (!room.tryAcquire()) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "The plugin %s has %d calls in progress; try again when some have ended."
                            .formatted(name, callsMax));
        }
        FutureTask<@Nullable ToolOutput> answer = new FutureTask<>(() -> plugin.call(call));
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("plugin-" + name)
                        .unstarted(
                                () -> {
                                    try {
                                        answer.run();
                                    } finally {
                                        room.release();
                                    }
                                });
        thread.setContextClassLoader(plugin.getClass().getClassLoader());
        thread.start();
        return answer;
    }

    private PluginContext context(ToolScope scope) {
        return new PluginContext(
                scope.tenant(),
                scope.sessionId(),
                scope.projectId(),
                scope.runId(),
                scope.projectId().flatMap(project -> folders.find(scope.tenant(), project)));
    }

    private ToolOutput failure(String tool, Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("plugin", name)
                .addKeyValue("tool", tool)
                .setCause(thrown)
                .log("a tool of a plugin threw an exception");
        String message = thrown.getMessage() == null ? "" : ": " + thrown.getMessage();
        return ToolOutput.failure(
                "The tool "
                        + tool
                        + " failed with "
                        + Shortened.text(thrown.getClass().getName() + message, MESSAGE_CHARS_MAX));
    }

    @Override
    public void close() {
        try {
            plugin.close();
        } catch (RuntimeException | Error broken) {
            LOG.warn("the plugin {} of {} does not close", name, jar, broken);
        }
    }
}
