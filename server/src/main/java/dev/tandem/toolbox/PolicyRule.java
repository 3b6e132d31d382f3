package dev.tandem.toolbox;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A rule of the operator's. In patterns `*` stands for any characters.
///
/// @param server which servers it is about, by name or id
/// @param tool which of their tools
/// @param decision what it says of them
public record PolicyRule(String server, String tool, Decision decision) {
    /// What a rule says.
    public enum Decision {
        ALLOW,
        ASK,
        DENY
    }

    public PolicyRule {
        if (server.isBlank() || tool.isBlank()) {
            throw new IllegalArgumentException(
                    "mcp.policy: server and tool must not be empty; leave them out for all");
        }
    }

    /// Whether it is about a tool.
    boolean matches(String serverId, String serverName, String toolName) {
        return (matches(server, serverId) || matches(server, serverName))
                && matches(tool, toolName);
    }

    private static boolean matches(String pattern, String text) {
        String regex =
                Stream.of(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }
}
