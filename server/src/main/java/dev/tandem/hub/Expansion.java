package dev.tandem.hub;

import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills in the variables of one declaration: `${NAME}`, or `${NAME:-default}` for one that may be
/// unset or empty. Belongs to one thread.
final class Expansion {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Variables variables;
    private final Map<String, String> filledIn = new HashMap<>();

    /// A variable that cannot be filled in; the message names it and tells no value.
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message);
        }
    }

    Expansion(Variables variables) {
        this.variables = variables;
    }

    ServerDeclaration of(ServerDeclaration declared) throws Missing {
        return switch (declared) {
            case Program program ->
                    new Program(
                            text(program.command()),
                            texts(program.arguments()),
                            texts(program.environment()),
                            text(program.folder()));
            case Remote remote ->
                    new Remote(
                            text(remote.url()),
                            remote.sse(),
                            texts(remote.headers()),
                            terms(remote.oauth()));
        };
    }

    /// @throws Missing also where a variable holds nothing that could stand there
    private OAuthTerms terms(OAuthTerms terms) throws Missing {
        if (terms.isNone()) {
            return terms;
        }
        try {
            return new OAuthTerms(
                    text(terms.clientId()),
                    text(terms.clientSecret()),
                    texts(terms.scopes()),
                    terms.way());
        } catch (IllegalArgumentException blank) {
            throw new Missing("A variable of it is blank: " + blank.getMessage() + ".");
        }
    }

    private Optional<String> text(Optional<String> text) throws Missing {
        return text.isPresent() ? Optional.of(text(text.get())) : Optional.empty();
    }

    /// What variables held that were filled in: perhaps secrets.
    Map<String, String> filledIn() {
        return filledIn;
    }

    private List<String> texts(List<String> texts) throws Missing {
        List<String> expanded = new ArrayList<>();
        for (String text : texts) {
            expanded.add(text(text));
        }
        return expanded;
    }

    private Map<String, String> texts(Map<String, String> texts) throws Missing {
        Map<String, String> expanded = new HashMap<>();
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            expanded.put(entry.getKey(), text(entry.getValue()));
        }
        return expanded;
    }

    private String text(String text) throws Missing {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(value(matcher)));
        }
        return matcher.appendTail(expanded).toString();
    }

    private String value(MatchResult found) throws Missing {
        String name = found.group(1);
        Optional<String> ifUnset = Optional.ofNullable(found.group(2));
        return switch (variables.value(name)) {
            case Variables.Value.Text(String text) when !text.isEmpty() || ifUnset.isEmpty() -> {
                filledIn.put(name, text);
                yield text;
            }
            case Variables.Value.Text _, Variables.Value.Unset _ ->
                    ifUnset.orElseThrow(
                            () ->
                                    new Missing(
                                            "The variable "
                                                    + name
                                                    + " is not set; set it, or give it a default"
                                                    + " with ${"
                                                    + name
                                                    + ":-default}."));
            case Variables.Value.Hidden _ ->
                    throw new Missing(
                            "The variable "
                                    + name
                                    + " must not be used here; the operator can allow it with"
                                    + " mcp.project-variables.");
        };
    }
}
