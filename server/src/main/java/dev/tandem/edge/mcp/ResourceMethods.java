package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ContextList.Found;
import dev.tandem.tool.ContextItem.Kind;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Resources of all servers. Where two offer the same URI, the first server has it.
record ResourceMethods(ContextReads reads, ContextList context, Paging paging) {

    ObjectNode list(Asked asked) throws InterruptedException {
        return paging.page(asked, "resources", listed(asked.scope(), Kind.RESOURCE));
    }

    ObjectNode templates(Asked asked) throws InterruptedException {
        return paging.page(
                asked, "resourceTemplates", listed(asked.scope(), Kind.RESOURCE_TEMPLATE));
    }

    ObjectNode read(Asked asked) throws InterruptedException {
        String uri = asked.text("uri");
        ToolServer server =
                owner(asked.scope(), uri)
                        .orElseThrow(() -> RpcError.resourceNotFound(uri, asked.protocol()));
        return reads.read(asked, server, "resources/read", Json.object().put("uri", uri));
    }

    private List<ObjectNode> listed(ToolScope scope, Kind kind) throws InterruptedException {
        Set<String> names = new HashSet<>();
        List<ObjectNode> items = new ArrayList<>();
        for (Found found : context.all(scope, kind)) {
            if (names.add(found.item().name())) {
                items.add(found.described());
            }
        }
        return items;
    }

    /// Whose a URI is: of who lists it, else of who has a template for it.
    private Optional<ToolServer> owner(ToolScope scope, String uri) throws InterruptedException {
        Optional<ToolServer> lister =
                context.all(scope, Kind.RESOURCE).stream()
                        .filter(found -> found.item().name().equals(uri))
                        .map(Found::server)
                        .findFirst();
        return lister.isPresent()
                ? lister
                : context.all(scope, Kind.RESOURCE_TEMPLATE).stream()
                        .filter(found -> UriTemplate.matches(found.item().name(), uri))
                        .map(Found::server)
                        .findFirst();
    }

    /// Whose a template is.
    Optional<ToolServer> templateOwner(ToolScope scope, String template)
            throws InterruptedException {
        for (Kind kind : List.of(Kind.RESOURCE_TEMPLATE, Kind.RESOURCE)) {
            for (Found found : context.all(scope, kind)) {
                if (found.item().name().equals(template)) {
                    return Optional.of(found.server());
                }
            }
        }
        return Optional.empty();
    }
}
