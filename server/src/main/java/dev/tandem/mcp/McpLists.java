package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpHost.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads a server's lists, which come in pages.
final class McpLists {
    private static final int ITEMS_MAX = 10_000;

    private final RpcPeer peer;
    private final Agreement agreement;
    private final RequestMeta meta;
    private final McpSettings settings;
    private final FreshLists fresh;

    McpLists(
            RpcPeer peer,
            Agreement agreement,
            RequestMeta meta,
            McpSettings settings,
            FreshLists fresh) {
        this.peer = peer;
        this.agreement = agreement;
        this.meta = meta;
        this.settings = settings;
        this.fresh = fresh;
    }

    /// Every item of a list; none where the server says that it has no such thing.
    ///
    /// @param method such as `tools/list`
    /// @param field of the answer that has the items
    /// @throws Failure where the server does not say, or says too much
    List<JsonNode> read(Kind kind, String method, String field) throws InterruptedException {
        if (!agreement.offers(kind.name().toLowerCase(Locale.ROOT))) {
            return List.of();
        }
        Optional<List<JsonNode>> known = fresh.find(method);
        try {
            return known.isPresent() ? known.get() : pages(kind, method, field);
        } catch (Failure failure) {
            Optional<McpRefusal> refusal = McpRefusal.of(failure);
            if (refusal.isPresent() && refusal.get().code() == RpcMessages.METHOD_NOT_FOUND) {
                // many have resources and do not know of templates
                return List.of();
            }
            throw failure;
        }
    }

    private List<JsonNode> pages(Kind kind, String method, String field)
            throws InterruptedException {
        long changesSeen = fresh.changes(kind);
        long ttlMs = Long.MAX_VALUE;
        List<JsonNode> items = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        for (int page = 0; page < settings.pagesMax(); page++) {
            JsonNode answer = page(method, cursor);
            if (!answer.path(field).isArray()) {
                throw McpMessages.malformed(method, field + " that is no list");
            }
            answer.path(field).forEach(items::add);
            if (items.size() > ITEMS_MAX) {
                throw McpMessages.malformed(method, "more than " + ITEMS_MAX + " items");
            }
            ttlMs = Math.min(ttlMs, answer.path("ttlMs").asLong());
            cursor = RpcMessages.text(answer.path("nextCursor"));
            if (cursor.isEmpty()) {
                fresh.keep(method, kind, List.copyOf(items), ttlMs, changesSeen);
                return items;
            }
        }
        throw McpMessages.malformed(method, "more than " + settings.pagesMax() + " pages");
    }

    private JsonNode page(String method, Optional<String> cursor) throws InterruptedException {
        ObjectNode params = RpcMessages.object();
        cursor.ifPresent(next -> params.put("cursor", next));
        return peer.ask(
                RpcQuestion.within(
                        settings.startMax(),
                        method,
                        agreement.stateless() ? meta.sign(params) : params));
    }
}
