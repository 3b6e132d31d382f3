package dev.tandem.rpc;

import dev.tandem.auth.Caller;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call, as its wire saw it. Belongs to the thread that handles it.
public final class Call {
    private final String requestId;
    private final Wire wire;
    private final Origin origin;
    private final Map<String, String> answerHeaders = new LinkedHashMap<>();
    private @Nullable Caller caller;

    /// Where a call comes from, as its wire saw it.
    ///
    /// @param credential the key, without `Bearer`; empty where none was sent
    /// @param host the host that the client believes to talk to, with a port if it was sent
    /// @param webOrigin the `Origin` of a web page
    /// @param peer the address of the client's end
    public record Origin(
            Optional<String> credential,
            Optional<String> host,
            Optional<String> webOrigin,
            String peer) {
        @Override
        public String toString() {
            return "Origin[host=" + host + ", webOrigin=" + webOrigin + ", peer=" + peer + "]";
        }
    }

    /// @param requestId as the client sent it, if it is one, or made here
    public Call(String requestId, Wire wire, Origin origin) {
        this.requestId = requestId;
        this.wire = wire;
        this.origin = origin;
    }

    public String requestId() {
        return requestId;
    }

    public Wire wire() {
        return wire;
    }

    public Origin origin() {
        return origin;
    }

    /// Who calls; known once the pipeline has admitted the call.
    public Caller caller() {
        return caller == null ? Caller.ANONYMOUS : caller;
    }

    public String tenant() {
        return caller().tenant();
    }

    Optional<Caller> admitted() {
        return Optional.ofNullable(caller);
    }

    /// Sends a header with the answer: HTTP headers, initial metadata. Without effect once the
    /// answer has begun.
    public void answerHeader(String name, String value) {
        answerHeaders.put(name, value);
    }

    /// What [#answerHeader] has collected, for the wire that sends it.
    public Map<String, String> answerHeaders() {
        return answerHeaders;
    }

    void admitted(Caller who) {
        this.caller = who;
    }
}
