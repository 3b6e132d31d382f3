package dev.tandem.edge.openapi;

import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.Page;
import dev.tandem.edge.rest.Page.Content;
import dev.tandem.edge.rest.Pages;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.DescribedFiles;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.RpcMethod.Access;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Serves the contract to programs, `/openapi.json` and `/descriptors.binpb`, and to people,
/// `/docs`. The page is open to everybody and holds nothing; what it shows needs a key.
public final class OpenApiEdge implements HttpEdge {
    private static final String DOCS = "/docs";

    private final Pages pages;
    private final Asset document;
    private final Asset descriptors;
    private final DocsFiles docs = new DocsFiles();

    /// @param methods all methods of the contract
    /// @param version of the server
    public OpenApiEdge(
            List<RpcMethod<?, ?>> methods,
            DescribedFiles files,
            String version,
            Pipeline pipeline,
            Ids ids,
            RestSettings settings) {
        List<RpcMethod<?, ?>> served = List.copyOf(methods);
        this.document =
                new Asset(
                        HeaderValues.CONTENT_TYPE_JSON,
                        Map.of(),
                        () -> bytes(ApiDocument.of(served, files, version).toString()));
        this.descriptors =
                new Asset(HeaderValues.CONTENT_TYPE_OCTET_STREAM, Map.of(), files::bytes);
        this.pages =
                new Pages(
                        List.of(
                                page("/openapi.json", Access.KEY, document),
                                page("/descriptors.binpb", Access.KEY, descriptors),
                                page(DOCS, Access.OPEN, docs.page()),
                                new Page(DOCS + "/{file}", "docs", Access.OPEN, this::file)),
                        pipeline,
                        ids,
                        settings);
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        pages.register(routing);
    }

    @Override
    public List<ServedPath> paths() {
        return pages.paths();
    }

    private static Page page(String path, Access access, Asset asset) {
        return new Page(path, path.substring(1), access, _ -> asset.content());
    }

    private Content file(String rawPath) {
        return docs.file(rawPath.substring(DOCS.length() + 1))
                .map(Asset::content)
                .orElseThrow(
                        () ->
                                new Failure(
                                        FailureCode.NOT_FOUND,
                                        "There is no such file; the page is at " + DOCS + "."));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
