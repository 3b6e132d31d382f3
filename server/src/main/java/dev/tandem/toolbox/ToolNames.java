package dev.tandem.toolbox;

import dev.tandem.audit.Sha256;
import dev.tandem.tool.ToolServer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Names that every provider takes: `server__tool`, 1 to 64 letters, digits, `_` and `-`. They
/// follow from the servers that a scope sees and from each one's tools, whether the others are up
/// or not, so a tool keeps its name between turns and restarts.
///
/// What is not legal becomes `_`; what is too long is cut and gets a hash of what it stands for.
/// Where two would have one name, the one that needed no change keeps it, and the others get a
/// hash.
final class ToolNames {
    static final int CHARS_MAX = 64;
    private static final int PREFIX_CHARS_MAX = 40;
    private static final int HASH_CHARS = 8;
    private static final String SEPARATOR = "__";
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9_-]{1," + CHARS_MAX + "}");

    private final Map<String, String> prefixes = new HashMap<>();

    /// @param servers all that the scope sees
    ToolNames(List<ToolServer> servers) {
        Set<String> taken = new HashSet<>();
        servers.stream()
                .sorted(
                        Comparator.comparingInt(ToolNames::rank)
                                .thenComparing(server -> !prefix(server).equals(server.name()))
                                .thenComparing(ToolServer::id))
                .forEach(server -> prefixes.put(server.id(), free(server, taken)));
    }

    /// The operator's servers keep their names.
    private static int rank(ToolServer server) {
        return switch (server.origin()) {
            case USER -> 0;
            case PLUGIN -> 1;
            case PROJECT -> 2;
        };
    }

    private static String free(ToolServer server, Set<String> taken) {
        String prefix = prefix(server);
        if (!taken.add(prefix)) {
            prefix = withHash(prefix, PREFIX_CHARS_MAX, server.id());
            taken.add(prefix);
        }
        return prefix;
    }

    private static String prefix(ToolServer server) {
        String name = legal(server.name()).replaceAll("_{2,}", "_");
        return name.length() <= PREFIX_CHARS_MAX
                ? name
                : withHash(name, PREFIX_CHARS_MAX, server.id());
    }

    /// The names of a server's tools, by what the server calls them.
    Map<String, String> of(String serverId, List<String> tools) {
        String prefix = prefixes.getOrDefault(serverId, "") + SEPARATOR;
        Map<String, String> names = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        tools.stream()
                .distinct()
                .sorted(
                        Comparator.comparing((String tool) -> !legal(tool).equals(tool))
                                .thenComparing(tool -> tool))
                .forEach(tool -> names.put(tool, free(prefix, serverId, tool, taken)));
        return names;
    }

    private static String free(String prefix, String serverId, String tool, Set<String> taken) {
        String name = prefix + legal(tool);
        if (name.length() > CHARS_MAX || !taken.add(name)) {
            name = hashed(name, serverId, tool);
            taken.add(name);
        }
        return name;
    }

    /// A name with a hash of what it stands for.
    static String hashed(String name, String serverId, String tool) {
        return withHash(name, CHARS_MAX, serverId, "\n", tool);
    }

    /// Whether every provider takes a name as it is.
    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    private static String legal(String text) {
        return text.replaceAll("[^a-zA-Z0-9_-]", "_");
    }

    private static String withHash(String name, int charsMax, String... standsFor) {
        String start = name.substring(0, Math.min(name.length(), charsMax - HASH_CHARS - 1));
        return start + "_" + Sha256.of(standsFor).substring(0, HASH_CHARS);
    }
}
