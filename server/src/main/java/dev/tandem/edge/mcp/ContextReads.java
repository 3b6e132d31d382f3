package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks servers what their resources, prompts and completions answer. Tools have their clock in the
/// toolbox; these have it here.
///
/// @param readMax how long a server may take
record ContextReads(ToolSource source, Duration readMax) {

    /// @throws Failure UPSTREAM_TIMEOUT where the server takes too long; otherwise as it refuses
    ObjectNode read(Asked asked, ToolServer server, String method, ObjectNode params)
            throws InterruptedException {
        FutureTask<String> task =
                new FutureTask<>(
                        () ->
                                source.read(
                                        asked.scope(),
                                        server.id(),
                                        method,
                                        params.toString(),
                                        asked.line().watcher()));
        Thread.ofVirtual().name("mcp-read").start(task);
        try {
            String result = task.get(readMax.toNanos(), TimeUnit.NANOSECONDS);
            return Json.object(result).orElseThrow(RpcError::internal);
        } catch (TimeoutException late) {
            throw new Failure(
                    FailureCode.UPSTREAM_TIMEOUT,
                    server.name() + " did not answer within " + readMax.toMillis() + " ms.",
                    late);
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof Failure failure
                    ? failure
                    : new IllegalStateException(refused.getCause());
        } finally {
            task.cancel(true);
        }
    }
}
