package dev.tandem.rpc;

import com.google.protobuf.Message;
import dev.tandem.auth.Authenticator;
import dev.tandem.auth.FrontDoor;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.observe.CallObserver;
import dev.tandem.rpc.RpcMethod.Access;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// What every call of every wire goes through: the front door, the key, admission, the clock, the
/// bounds of the request, the handler. Whatever goes wrong leaves it as a [Failure] that may be
/// shown.
public final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final FrontDoor frontDoor;
    private final Authenticator authenticator;
    private final Admission admission;
    private final CallObserver observer;

    public Pipeline(
            FrontDoor frontDoor,
            Authenticator authenticator,
            Admission admission,
            CallObserver observer) {
        this.frontDoor = frontDoor;
        this.authenticator = authenticator;
        this.admission = admission;
        this.observer = observer;
    }

    /// Serves a call that has one answer.
    public <Q extends Message, A extends Message> A unary(
            Call call, RpcMethod.Unary<Q, A> method, Q request) {
        return around(
                call,
                method.label(),
                method.access(),
                watch -> {
                    BoundsCheck.check(request);
                    A answer = method.handler().handle(call, request);
                    watch.answered();
                    return answer;
                });
    }

    /// Serves a call that has a stream of answers, and returns at its end.
    public <Q extends Message, A extends Message> void stream(
            Call call, RpcMethod.Streaming<Q, A> method, Q request, Sink<A> answers) {
        around(
                call,
                method.label(),
                method.access(),
                watch -> {
                    BoundsCheck.check(request);
                    method.handler().handle(call, request, watch.watching(answers));
                    return true;
                });
    }

    /// Serves a call that is not a method of the contract: a page, a list in another shape.
    ///
    /// @param label names it in logs and metrics
    public <A> A serve(Call call, String label, Access access, Work<A> work) {
        return around(
                call,
                label,
                access,
                watch -> {
                    A answer = work.run();
                    watch.answered();
                    return answer;
                });
    }

    /// What a call does once it is admitted.
    public interface Work<A> {
        A run() throws InterruptedException;
    }

    private interface Watched<A> {
        A run(CallWatch watch) throws InterruptedException;
    }

    private <A> A around(Call call, String label, Access access, Watched<A> work) {
        CallWatch watch = new CallWatch(call, label);
        MDC.put("request", call.requestId());
        try {
            admit(call, access);
            A answer = work.run(watch);
            observer.ended(watch.end("ok"));
            return answer;
        } catch (Failure failure) {
            observer.ended(watch.end(failure.code().word()));
            throw failure;
        } catch (InterruptedException gone) {
            observer.ended(watch.end(FailureCode.CANCELLED.word()));
            throw new Failure(FailureCode.CANCELLED, "The client has left.", gone);
        } catch (RuntimeException unexpected) {
            observer.ended(watch.end(FailureCode.INTERNAL.word()));
            LOG.error("{} failed unexpectedly", label, unexpected);
            throw new Failure(
                    FailureCode.INTERNAL,
                    "Something went wrong in the server; its log has the request id.",
                    unexpected);
        } finally {
            MDC.remove("request");
        }
    }

    private void admit(Call call, Access access) {
        frontDoor.enter(call.origin().host(), call.origin().webOrigin());
        if (access == Access.OPEN) {
            return;
        }
        call.admitted(authenticator.authenticate(call.origin().credential()));
        admission.admit(call);
    }
}
