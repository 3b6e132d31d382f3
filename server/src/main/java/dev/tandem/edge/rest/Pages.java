package dev.tandem.edge.rest;

import dev.tandem.edge.rest.Page.Content;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.Wire;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/// Serves pages, through the pipeline like everything else. A page with an ETag is sent again only
/// to those who do not have it.
public final class Pages implements HttpEdge {
    private final List<Page> pages;
    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings settings;

    public Pages(List<Page> pages, Pipeline pipeline, Ids ids, RestSettings settings) {
        this.pages = List.copyOf(pages);
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        for (Page page : pages) {
            routing.any(
                    page.template(),
                    (request, response) -> serve(request, response, http -> answer(http, page)));
        }
    }

    @Override
    public List<ServedPath> paths() {
        return pages.stream().map(page -> new ServedPath("GET", page.template())).toList();
    }

    private void serve(ServerRequest request, ServerResponse response, HttpCall.Work work) {
        HttpCall.serve(request, response, Wire.REST, ids, settings, work);
    }

    private void answer(HttpCall http, Page page) {
        if (!http.method().equals("GET") && !http.method().equals("HEAD")) {
            throw Refusals.method(pipeline, http, List.of("GET", "HEAD"));
        }
        Content content =
                pipeline.serve(
                        http.call(),
                        page.label(),
                        page.access(),
                        () -> page.maker().make(http.rawPath()));
        content.headers().forEach(http.call()::answerHeader);
        if (content.etag().isPresent() && http.has(content.etag().get())) {
            http.unchanged();
        } else {
            http.answer(content.status(), content.type(), content.body().toByteArray());
        }
    }
}
