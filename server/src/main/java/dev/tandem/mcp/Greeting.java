package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Opens a transport and agrees with the server on a protocol version: a server that answers
/// `server/discover` is stateless, any other is greeted with `initialize`. One that dies of the
/// question is started again, where that can be done.
final class Greeting {
    private static final int UNSUPPORTED_VERSION = -32022;

    private final McpTransport transport;
    private final RpcPeer.Listener listener;
    private final RequestMeta meta;
    private final McpSettings settings;
    private RpcPeer peer;

    /// What came of it.
    ///
    /// @param peer speaks on the transport, which is open
    record Greeted(RpcPeer peer, Agreement agreement) {}

    Greeting(
            McpTransport transport,
            RpcPeer.Listener listener,
            RequestMeta meta,
            McpSettings settings) {
        this.transport = transport;
        this.listener = listener;
        this.meta = meta;
        this.settings = settings;
        this.peer = new RpcPeer(transport, listener);
    }

    /// @throws Failure where the server does not come up, or speaks no version that we do
    Greeted greet() throws InterruptedException {
        open();
        String first = settings.protocol().orElse(Agreement.STATELESS);
        Optional<Agreement> stateless =
                Agreement.isStateless(first) ? discover(true) : Optional.empty();
        Agreement agreement =
                stateless.isPresent()
                        ? stateless.get()
                        : hello(Agreement.isGreeted(first) ? first : Agreement.GREETED);
        return new Greeted(peer, agreement);
    }

    private void open() {
        try {
            transport.open(peer);
        } catch (IOException unreachable) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "The MCP server does not start: " + unreachable.getMessage(),
                    unreachable);
        }
    }

    /// Empty where the server must be greeted.
    ///
    /// @param again whether to ask once more where the server refuses the version and names it
    private Optional<Agreement> discover(boolean again) throws InterruptedException {
        boolean only = settings.protocol().isPresent();
        Duration limit = only ? settings.startMax() : settings.probeMax();
        transport.agreed(Agreement.STATELESS);
        JsonNode found;
        try {
            ObjectNode params = meta.sign(RpcMessages.object());
            found = peer.ask(RpcQuestion.within(limit, "server/discover", params));
        } catch (Failure no) {
            if (again && isRefusedButSupported(no)) {
                return discover(false);
            }
            if (!only && mayBeGreeted(no)) {
                return Optional.empty();
            }
            throw no;
        }
        List<String> versions = versions(found.path("supportedVersions"));
        if (versions.contains(Agreement.STATELESS)) {
            return Optional.of(Agreement.of(Agreement.STATELESS, found));
        }
        if (!only && mayBeGreeted(versions)) {
            return Optional.empty();
        }
        throw unknown(versions.toString());
    }

    private static List<String> versions(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    /// So it is while servers of two versions stand behind one address.
    private static boolean isRefusedButSupported(Failure no) {
        return McpRefusal.of(no)
                .filter(refusal -> refusal.code() == UNSUPPORTED_VERSION)
                .filter(
                        refusal ->
                                versions(refusal.data().path("supported"))
                                        .contains(Agreement.STATELESS))
                .isPresent();
    }

    /// One that names no versions has not understood the question.
    private static boolean mayBeGreeted(List<String> versions) {
        return versions.isEmpty() || versions.stream().anyMatch(Agreement::isGreeted);
    }

    private boolean mayBeGreeted(Failure no) {
        Optional<McpRefusal> refusal = McpRefusal.of(no);
        if (refusal.isPresent() && refusal.get().code() == UNSUPPORTED_VERSION) {
            return mayBeGreeted(versions(refusal.get().data().path("supported")));
        }
        if (peer.ended().isPresent()) {
            return startedAgain();
        }
        return no.code() == FailureCode.UPSTREAM_ERROR || no.code() == FailureCode.UPSTREAM_TIMEOUT;
    }

    private boolean startedAgain() {
        if (!transport.reopens()) {
            return false;
        }
        peer = new RpcPeer(transport, listener);
        open();
        return true;
    }

    private Agreement hello(String version) throws InterruptedException {
        transport.agreed(version);
        ObjectNode params = RpcMessages.object().put("protocolVersion", version);
        params.set("capabilities", meta.capabilities(false));
        params.set("clientInfo", meta.clientInfo());
        JsonNode hello = peer.ask(RpcQuestion.within(settings.startMax(), "initialize", params));
        String agreed = hello.path("protocolVersion").asText();
        if (!Agreement.isGreeted(agreed)) {
            throw unknown("'" + agreed + "'");
        }
        transport.agreed(agreed);
        peer.tell("notifications/initialized", RpcMessages.object());
        return Agreement.of(agreed, hello);
    }

    private static Failure unknown(String said) {
        return new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server speaks the protocol %s, and not one of %s."
                        .formatted(said, Agreement.VERSIONS));
    }
}
