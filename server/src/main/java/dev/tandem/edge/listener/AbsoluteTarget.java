package dev.tandem.edge.listener;

import io.helidon.common.uri.UriPath;
import io.helidon.http.BadRequestException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.RoutingRequest;
import java.util.Locale;

/// The form in which a request to a proxy names its target, `GET http://host/path`. A server has to
/// serve it, too: RFC 9112, 3.2.2.
final class AbsoluteTarget {

    private AbsoluteTarget() {}

    /// The request, its target cut down to the path as all routes expect it.
    ///
    /// @throws BadRequestException if it names another host than the request's `Host`
    static RoutingRequest resolved(RoutingRequest request) {
        HttpPrologue prologue = request.prologue();
        String target = prologue.uriPath().rawPath();
        if (target.startsWith("/") || !isAbsolute(target)) {
            return request;
        }
        String rest = target.substring(target.indexOf("//") + 2);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "/" : rest.substring(slash);
        if (!request.headers().first(HeaderNames.HOST).orElse("").equalsIgnoreCase(authority)) {
            throw new BadRequestException("Host must be the host of the request's target");
        }
        return request.prologue(prologue.withUriPath(UriPath.create(path)));
    }

    private static boolean isAbsolute(String target) {
        String start = target.toLowerCase(Locale.ROOT);
        return start.startsWith("http://") || start.startsWith("https://");
    }
}
