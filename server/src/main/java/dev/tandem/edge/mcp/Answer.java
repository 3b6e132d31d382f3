package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a request ended.
sealed interface Answer {
    /// With what was asked for.
    record Result(ObjectNode json) implements Answer {}

    /// With an error.
    record Refused(RpcError error) implements Answer {}

    /// Asks a method; whatever it throws becomes an error that may be shown.
    static Answer of(McpMethods.Method method, Asked asked) {
        try {
            return new Result(method.answer(asked));
        } catch (RpcError error) {
            return new Refused(error);
        } catch (Failure failure) {
            return new Refused(RpcError.of(failure));
        } catch (InterruptedException stop) {
            return new Refused(
                    RpcError.of(new Failure(FailureCode.CANCELLED, "The call was cancelled.")));
        } catch (RuntimeException unexpected) {
            Log.LOG.error("a request failed unexpectedly", unexpected);
            return new Refused(RpcError.internal());
        }
    }

    /// Where what nobody expected is written down.
    final class Log {
        private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

        private Log() {}
    }
}
