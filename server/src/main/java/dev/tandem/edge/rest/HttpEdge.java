package dev.tandem.edge.rest;

import io.helidon.webserver.http.HttpRouting;
import java.util.List;

/// A part of the server that answers requests over HTTP.
public interface HttpEdge {
    void register(HttpRouting.Builder routing);

    /// All that it serves, for the document that describes the server.
    List<ServedPath> paths();
}
