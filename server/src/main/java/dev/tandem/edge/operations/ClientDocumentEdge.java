package dev.tandem.edge.operations;

import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Page;
import dev.tandem.edge.rest.Page.Content;
import dev.tandem.edge.rest.Pages;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import java.util.List;
import java.util.Optional;

/// Serves what this server says of itself as a client of MCP servers: authorization servers fetch
/// it when somebody signs in. Needs no key.
public final class ClientDocumentEdge implements HttpEdge {
    /// Where it stands in the document of the API.
    public static final String PATH = "/v1/mcp/oauth/client.json";

    private static final int OK = 200;

    private final Pages pages;

    /// @param path where it is served; empty for [#PATH]
    /// @param document in JSON; empty where there is none, which is answered with NOT_FOUND
    public ClientDocumentEdge(
            Optional<String> path,
            Optional<String> document,
            Pipeline pipeline,
            Ids ids,
            RestSettings settings) {
        Page page =
                new Page(
                        path.orElse(PATH),
                        "mcp/client-document",
                        Access.OPEN,
                        _ -> content(document));
        this.pages = new Pages(List.of(page), pipeline, ids, settings);
    }

    private static Content content(Optional<String> document) {
        String json =
                document.orElseThrow(
                        () ->
                                new Failure(
                                        FailureCode.NOT_FOUND,
                                        "This server has no client metadata document here; the"
                                                + " operator can set"
                                                + " mcp.oauth.client-metadata-url to an address"
                                                + " below mcp.oauth.redirect-base."));
        return new Content(OK, HeaderValues.CONTENT_TYPE_JSON, json);
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        pages.register(routing);
    }

    @Override
    public List<ServedPath> paths() {
        return pages.paths();
    }
}
