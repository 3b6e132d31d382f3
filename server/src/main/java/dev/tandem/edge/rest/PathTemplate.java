package dev.tandem.edge.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A path of the contract, such as `/v1/runs/{run_id}:cancel` or `/v1/models/{model_id=**}`.
///
/// @param verb the custom verb; empty for none
record PathTemplate(String text, List<Part> parts, String verb)
        implements Comparable<PathTemplate> {

    /// What stands between two slashes.
    sealed interface Part {
        /// A word.
        record Word(String word) implements Part {}

        /// Anything within the segment.
        record Variable(String name) implements Part {}

        /// Anything, to the end of the path.
        record Rest(String name) implements Part {}
    }

    static PathTemplate parse(String template) {
        int brace = template.lastIndexOf('}');
        int colon = template.indexOf(':', Math.max(brace, template.lastIndexOf('/')));
        String path = colon < 0 ? template : template.substring(0, colon);
        String verb = colon < 0 ? "" : template.substring(colon + 1);
        List<Part> parts = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            parts.add(part(segment, template));
        }
        return new PathTemplate(template, List.copyOf(parts), verb);
    }

    private static Part part(String segment, String template) {
        if (!segment.startsWith("{")) {
            return new Part.Word(segment);
        }
        String[] variable = segment.substring(1, segment.length() - 1).split("=", 2);
        String pattern = variable.length == 1 ? "*" : variable[1];
        return switch (pattern) {
            case "*" -> new Part.Variable(variable[0]);
            case "**" -> new Part.Rest(variable[0]);
            default ->
                    throw new IllegalArgumentException(
                            "cannot serve the path " + template + ": only * and ** are understood");
        };
    }

    List<String> variables() {
        return parts.stream().flatMap(PathTemplate::variable).toList();
    }

    private static Stream<String> variable(Part part) {
        return switch (part) {
            case Part.Word _ -> Stream.empty();
            case Part.Variable(String name) -> Stream.of(name);
            case Part.Rest(String name) -> Stream.of(name);
        };
    }

    /// The variables of a path that fits, still encoded; empty for a path that does not fit.
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> rest = withoutVerb(segments);
        if (rest.size() < parts.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case Part.Word(String word) -> {
                    if (!word.equals(rest.get(i))) {
                        return Optional.empty();
                    }
                }
                case Part.Variable(String name) -> variables.put(name, rest.get(i));
                case Part.Rest(String name) -> {
                    variables.put(name, String.join("/", rest.subList(i, rest.size())));
                    return present(variables);
                }
            }
        }
        return rest.size() == parts.size() ? present(variables) : Optional.empty();
    }

    private static Optional<Map<String, String>> present(Map<String, String> variables) {
        return variables.containsValue("") ? Optional.empty() : Optional.of(variables);
    }

    /// The segments before this template's verb; none where the path does not end in it.
    private List<String> withoutVerb(List<String> segments) {
        if (verb.isEmpty()) {
            return segments;
        }
        String last = segments.getLast();
        if (!last.endsWith(":" + verb)) {
            return List.of();
        }
        List<String> rest = new ArrayList<>(segments);
        rest.set(rest.size() - 1, last.substring(0, last.length() - verb.length() - 1));
        return rest;
    }

    /// The one that says more about a path comes first: a word before a variable, a variable before
    /// the rest, a verb before none.
    @Override
    public int compareTo(PathTemplate other) {
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int order = Integer.compare(rank(parts.get(i)), rank(other.parts.get(i)));
            if (order != 0) {
                return order;
            }
        }
        int longer = Integer.compare(other.parts.size(), parts.size());
        return longer != 0 ? longer : Boolean.compare(verb.isEmpty(), other.verb.isEmpty());
    }

    private static int rank(Part part) {
        return switch (part) {
            case Part.Word _ -> 0;
            case Part.Variable _ -> 1;
            case Part.Rest _ -> 2;
        };
    }
}
