package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.McpHost.Kind;
import dev.tandem.tool.ToolWatcher;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our side of a connection, as the server sees it: answers what it asks, and hears what it tells.
final class HostSide implements RpcPeer.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(HostSide.class);
    private static final int LOG_CHARACTERS_MAX = 4096;

    private final McpHost host;
    private final OpenPages pages = new OpenPages();
    private final HostAnswers answers;
    private final FreshLists lists;
    private final ListChanges changes;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean live;

    HostSide(McpHost host, FreshLists lists) {
        this.host = host;
        this.lists = lists;
        this.answers = new HostAnswers(host, pages);
        this.changes =
                new ListChanges(ListChanges.soon(), kind -> tellHost(() -> host.listChanged(kind)));
    }

    HostAnswers answers() {
        return answers;
    }

    /// From now on the end of the server is the host's business.
    void goLive(RpcPeer peer) {
        live = true;
        peer.ended().ifPresent(this::ended);
    }

    @Override
    public JsonNode to(String method, JsonNode params, Optional<ToolWatcher> watcher)
            throws McpRefusal {
        return answers.to(method, params, watcher);
    }

    @Override
    public void heard(String method, JsonNode params) {
        switch (method) {
            case "notifications/tools/list_changed" -> changed(Kind.TOOLS);
            case "notifications/resources/list_changed" -> changed(Kind.RESOURCES);
            case "notifications/prompts/list_changed" -> changed(Kind.PROMPTS);
            case "notifications/elicitation/complete" ->
                    pages.completed(params.path("elicitationId").asText());
            case "notifications/message" -> logged(params);
            default -> LOG.debug("an MCP server tells of {}, which says nothing here", method);
        }
    }

    /// What was known of a list is old at once; the host hears of it once it is quiet.
    void changed(Kind kind) {
        lists.stale(kind);
        changes.changed(kind);
    }

    private void logged(JsonNode params) {
        JsonNode data = params.path("data");
        String text = data.isTextual() ? data.asText() : data.toString();
        String cut = text.substring(0, Math.min(text.length(), LOG_CHARACTERS_MAX));
        tellHost(
                () ->
                        host.log(
                                params.path("level").asText("info"),
                                params.path("logger").asText(),
                                cut));
    }

    @Override
    public void ended(String why) {
        if (live && told.compareAndSet(false, true)) {
            tellHost(() -> host.ended(why));
        }
    }

    /// The host's mistakes must not deafen us.
    private static void tellHost(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException broken) {
            LOG.warn("the host of an MCP server cannot take what it tells", broken);
        }
    }
}
