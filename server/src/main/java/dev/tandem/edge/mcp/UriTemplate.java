package dev.tandem.edge.mcp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells whether a URI could be made from a template of RFC 6570.
final class UriTemplate {
    private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)\\}");

    private UriTemplate() {}

    static boolean matches(String template, String uri) {
        StringBuilder pattern = new StringBuilder();
        Matcher expressions = EXPRESSION.matcher(template);
        int from = 0;
        while (expressions.find()) {
            pattern.append(Pattern.quote(template.substring(from, expressions.start())));
            pattern.append(values(expressions.group(1)));
            from = expressions.end();
        }
        pattern.append(Pattern.quote(template.substring(from)));
        return Pattern.matches(pattern.toString(), uri);
    }

    /// What may stand in the place of an expression.
    private static String values(String expression) {
        if (expression.isEmpty()) {
            return "";
        }
        boolean many = expression.endsWith("*");
        return switch (expression.charAt(0)) {
            case '+' -> ".+";
            case '#' -> "(#.*)?";
            case '?' -> "(\\?.*)?";
            case '&' -> "(&.*)?";
            case '/' -> many ? "(/.*)?" : "(/[^/?#]*)*";
            case ';' -> "(;[^/?#]*)*";
            case '.' -> "(\\.[^/?#]*)?";
            default -> many ? "[^?#]*" : "[^/?#]*";
        };
    }
}
