package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ContextList.Found;
import dev.tandem.tool.ContextItem.Kind;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Prompts of all servers, named as their tools are: `server__prompt`, and plainly where they are
/// part of this server.
record PromptMethods(ContextReads reads, ContextList context, Paging paging) {
    private static final int NAME_CHARS_MAX = 64;

    ObjectNode list(Asked asked) throws InterruptedException {
        List<ObjectNode> prompts =
                named(asked.scope()).entrySet().stream()
                        .map(each -> each.getValue().described().put("name", each.getKey()))
                        .toList();
        return paging.page(asked, "prompts", prompts);
    }

    ObjectNode get(Asked asked) throws InterruptedException {
        String name = asked.text("name");
        Found prompt =
                find(asked.scope(), name)
                        .orElseThrow(() -> RpcError.invalidParams("Unknown prompt: " + name));
        ObjectNode params = Json.object().put("name", prompt.item().name());
        if (asked.params().has("arguments")) {
            params.set("arguments", asked.object("arguments"));
        }
        return reads.read(asked, prompt.server(), "prompts/get", params);
    }

    /// The prompt that is offered under a name.
    Optional<Found> find(ToolScope scope, String name) throws InterruptedException {
        return Optional.ofNullable(named(scope).get(name));
    }

    private Map<String, Found> named(ToolScope scope) throws InterruptedException {
        Map<String, Found> named = new LinkedHashMap<>();
        for (Found found : context.all(scope, Kind.PROMPT)) {
            named.put(free(named, name(found)), found);
        }
        return named;
    }

    private static String name(Found found) {
        boolean ours = found.server().origin() == Origin.PLUGIN;
        String full =
                ours ? found.item().name() : found.server().name() + "__" + found.item().name();
        String plain = full.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.length() <= NAME_CHARS_MAX ? plain : plain.substring(0, NAME_CHARS_MAX);
    }

    private static String free(Map<String, Found> taken, String name) {
        String free = name;
        for (int i = 2; taken.containsKey(free); i++) {
            String end = "_" + i;
            int most = Math.min(name.length(), NAME_CHARS_MAX - end.length());
            free = name.substring(0, most) + end;
        }
        return free;
    }
}
