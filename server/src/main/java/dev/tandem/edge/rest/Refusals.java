package dev.tandem.edge.rest;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.RpcMethod.Access;
import java.util.List;

/// Requests that reach no method. They go through the pipeline all the same: they are counted, and
/// a caller without a key hears of the key first.
public final class Refusals {
    private static final String LABEL = "refused";

    private Refusals() {}

    /// A request of a method that cannot be read.
    ///
    /// @return what to throw
    public static Failure of(
            Pipeline pipeline, Call call, RpcMethod<?, ?> method, Failure failure) {
        return told(pipeline, call, method.label(), method.access(), failure);
    }

    /// A path that is not known.
    ///
    /// @return what to throw
    public static Failure path(Pipeline pipeline, HttpCall http) {
        Failure failure =
                new Failure(
                        FailureCode.NOT_FOUND,
                        "There is nothing at " + http.method() + " " + shown(http.rawPath()) + ".");
        return told(pipeline, http.call(), LABEL, Access.OPEN, failure);
    }

    /// A method that a path does not have.
    ///
    /// @return what to throw
    public static Failure method(Pipeline pipeline, HttpCall http, List<String> allowed) {
        String list = String.join(", ", allowed);
        http.call().answerHeader("Allow", list);
        Failure failure =
                new Failure(
                        FailureCode.METHOD_NOT_ALLOWED,
                        http.method() + " is not possible here; possible are: " + list + ".");
        return told(pipeline, http.call(), LABEL, Access.OPEN, failure);
    }

    private static Failure told(
            Pipeline pipeline, Call call, String label, Access access, Failure failure) {
        try {
            return pipeline.serve(
                    call,
                    label,
                    access,
                    () -> {
                        throw failure;
                    });
        } catch (Failure told) {
            return told;
        }
    }

    private static String shown(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "…";
    }
}
