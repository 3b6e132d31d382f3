package dev.tandem.edge.listener;

import dev.tandem.edge.listener.probe.ProbeRequest;
import dev.tandem.edge.listener.probe.ProbeResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// Answers each message of a bidirectional call with one.
final class EchoEach implements StreamObserver<ProbeRequest> {

    private final ServerCallStreamObserver<ProbeResponse> call;
    private final Events events;
    private final boolean oneByOne;
    private int count;

    /// @param oneByOne whether to ask for each message by hand
    EchoEach(ServerCallStreamObserver<ProbeResponse> call, Events events, boolean oneByOne) {
        this.call = call;
        this.events = events;
        this.oneByOne = oneByOne;
        if (oneByOne) {
            call.disableAutoRequest();
            call.request(1);
        }
    }

    @Override
    public void onNext(ProbeRequest request) {
        ProbeService.sleep(request.getPauseMs());
        if (request.getBehaviour().equals("throw")) {
            throw Status.ABORTED.asRuntimeException();
        }
        call.onNext(ProbeService.message(request.getText(), count++, request.getSize()));
        events.add("received");
        if (oneByOne) {
            call.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        events.add("request failed");
    }

    @Override
    public void onCompleted() {
        call.onCompleted();
    }
}
