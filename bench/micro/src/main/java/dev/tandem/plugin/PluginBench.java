package dev.tandem.plugin;

import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A plugin's tool that does nothing, on the thread that each call gets.
@State(Scope.Thread)
public class PluginBench {
    private static final ToolScope SCOPE =
            new ToolScope(
                    "ada", "key", false, Optional.empty(), Optional.empty(), Optional.empty());

    private final JavaPlugin plugin =
            new JavaPlugin(new Nothing(), "nothing.jar", WorkspaceFolders.NONE, 64);

    @Benchmark
    public ToolOutput call() throws InterruptedException {
        return plugin.call(SCOPE, "nothing", "{}", ToolWatcher.NONE);
    }

    private static final class Nothing implements ToolPlugin {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public List<PluginTool> tools() {
            return List.of(new PluginTool("nothing", "Does nothing.", "{\"type\":\"object\"}"));
        }

        @Override
        public ToolOutput call(PluginCall call) {
            return ToolOutput.text("nothing");
        }
    }
}
