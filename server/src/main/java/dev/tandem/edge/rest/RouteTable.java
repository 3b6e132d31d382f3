package dev.tandem.edge.rest;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Finds what serves a path. A fixed path beats a variable; a path that ends in a verb which some
/// route has there belongs to those routes alone.
public final class RouteTable<T> {
    private final List<Bound<T>> routes;

    /// One way in.
    ///
    /// @param method such as `GET`
    /// @param template such as `/v1/runs/{run_id}:cancel`
    public record Route<T>(String method, String template, T target) {
        public ServedPath path() {
            return new ServedPath(method, template);
        }
    }

    /// What was found for a path.
    public sealed interface Found<T> {
        /// A route, and the variables of its path, decoded.
        record Match<T>(T target, Map<String, String> variables) implements Found<T> {}

        /// The path is known, the method is not.
        record WrongMethod<T>(List<String> allowed) implements Found<T> {}

        /// The path is not known.
        record Nothing<T>() implements Found<T> {}
    }

    private record Bound<T>(Route<T> route, PathTemplate template) {
        Optional<Candidate<T>> candidate(List<String> segments) {
            return template.match(segments)
                    .map(variables -> new Candidate<>(route, hasVerb(), variables));
        }

        boolean hasVerb() {
            return !template.verb().isEmpty();
        }
    }

    private record Candidate<T>(Route<T> route, boolean hasVerb, Map<String, String> variables) {}

    /// @throws IllegalArgumentException for a template that is not understood, and for two routes
    ///     that stand for the same requests
    public RouteTable(List<Route<T>> routes) {
        this.routes =
                routes.stream()
                        .map(route -> new Bound<>(route, PathTemplate.parse(route.template())))
                        .sorted(Comparator.comparing(Bound<T>::template))
                        .toList();
        refuseDoubles();
    }

    /// Finds what serves a request.
    ///
    /// @param rawPath the path as it was sent, not decoded
    public Found<T> find(String method, String rawPath) {
        List<Candidate<T>> candidates = candidates(rawPath);
        if (candidates.isEmpty()) {
            return new Found.Nothing<>();
        }
        return best(candidates, method)
                .or(() -> method.equals("HEAD") ? best(candidates, "GET") : Optional.empty())
                .map(RouteTable::match)
                .orElseGet(() -> new Found.WrongMethod<>(allowed(candidates)));
    }

    /// The ways in, those that say most about a path first.
    public List<ServedPath> paths() {
        return routes.stream().map(bound -> bound.route().path()).toList();
    }

    /// Whether any method is served at a path.
    public boolean knows(String rawPath) {
        return !candidates(rawPath).isEmpty();
    }

    private List<Candidate<T>> candidates(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return List.of();
        }
        List<String> segments = List.of(rawPath.substring(1).split("/", -1));
        List<Candidate<T>> fitting =
                routes.stream().flatMap(route -> route.candidate(segments).stream()).toList();
        List<Candidate<T>> verbs = fitting.stream().filter(Candidate::hasVerb).toList();
        return verbs.isEmpty() ? fitting : verbs;
    }

    private static <T> Optional<Candidate<T>> best(List<Candidate<T>> candidates, String method) {
        return candidates.stream().filter(each -> each.route().method().equals(method)).findFirst();
    }

    private static <T> Found<T> match(Candidate<T> candidate) {
        Map<String, String> decoded = new LinkedHashMap<>();
        candidate
                .variables()
                .forEach((name, raw) -> decoded.put(name, PercentCode.decode(raw, name, false)));
        return new Found.Match<>(candidate.route().target(), decoded);
    }

    private static <T> List<String> allowed(List<Candidate<T>> candidates) {
        TreeSet<String> methods = new TreeSet<>();
        candidates.forEach(candidate -> methods.add(candidate.route().method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return List.copyOf(methods);
    }

    private void refuseDoubles() {
        Map<String, Route<T>> shapes = new LinkedHashMap<>();
        for (Bound<T> bound : routes) {
            Route<T> route = bound.route();
            String shape = route.method() + " " + route.template().replaceAll("\\{[^=}]*", "{");
            Route<T> other = shapes.put(shape, route);
            if (other != null) {
                throw new IllegalArgumentException(
                        "two methods are bound to " + shape + ": " + route + " and " + other);
            }
        }
    }
}
