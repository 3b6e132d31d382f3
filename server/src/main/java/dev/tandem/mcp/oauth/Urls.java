package dev.tandem.mcp.oauth;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What OAuth asks of URLs.
final class Urls {
    private Urls() {}

    /// Whether what is sent there is encrypted, or stays on the machine of whoever sends it.
    static boolean isSecure(URI uri) {
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return false;
        }
        return switch (scheme(uri)) {
            case "https" -> true;
            case "http" -> isThisMachine(host);
            case String _ -> false;
        };
    }

    static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /// Scheme, host and port.
    static String origin(URI uri) {
        int port = port(uri);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        return scheme(uri) + "://" + host + (port < 0 ? "" : ":" + port);
    }

    /// The URL as RFC 8707 wants a resource: no fragment, no slash that says nothing.
    static String canonical(URI uri) {
        String path = path(uri);
        String query = uri.getRawQuery();
        return origin(uri) + (path.equals("/") ? "" : path) + (query == null ? "" : "?" + query);
    }

    /// Whether a server at `uri` is the resource, or part of it.
    static boolean covers(URI resource, URI uri) {
        String whole = path(resource).replaceAll("/+$", "");
        String part = path(uri);
        return resource.getRawFragment() == null
                && origin(resource).equals(origin(uri))
                && (part.equals(whole) || part.startsWith(whole + "/"));
    }

    /// The path; empty for none.
    static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null ? "" : path;
    }

    static URI withQuery(URI uri, Map<String, String> parameters) {
        String text = uri.toString();
        String glue = uri.getRawQuery() == null ? "?" : "&";
        return URI.create(text + glue + form(parameters));
    }

    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// For messages: without a query, which may hold what is nobody's business.
    static String shown(URI uri) {
        return origin(uri) + path(uri);
    }

    private static String scheme(URI uri) {
        return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        boolean usual =
                (uri.getPort() == 443 && scheme(uri).equals("https"))
                        || (uri.getPort() == 80 && scheme(uri).equals("http"));
        return usual ? -1 : uri.getPort();
    }
}
