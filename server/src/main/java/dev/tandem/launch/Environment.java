package dev.tandem.launch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The layer of the environment. The variable of `server.shutdown-grace` is
/// `TANDEM_SERVER_SHUTDOWN_GRACE`: upper case, with `_` for each `.` and `-`. A few variables that
/// other programs read as well stand for a setting, too. An empty variable is one that is not set.
final class Environment implements Layer {
    /// Names that other programs gave, and the settings that they stand for.
    static final Map<String, String> ALIASES =
            Map.of(
                    "server.port", "PORT",
                    "storage.data", "TANDEM_DATA",
                    "local.model-file", "TANDEM_MODEL_FILE",
                    "anthropic.api-key", "ANTHROPIC_API_KEY",
                    "anthropic.base-url", "ANTHROPIC_BASE_URL",
                    "mcp.claude-config", "CLAUDE_CONFIG_DIR");

    /// Variables that are ours and no settings: the file itself, and what `deploy/bin/tandem`
    /// reads.
    private static final Set<String> NO_SETTINGS = Set.of("TANDEM_CONFIG", "TANDEM_JAVA_OPTS");

    private static final String PREFIX = "TANDEM_";

    private final Map<String, String> variables = new TreeMap<>();

    Environment(Map<String, String> environment) {
        environment.forEach(
                (name, value) -> {
                    if (!value.isEmpty() && !isServiceLink(name, value)) {
                        variables.put(name, value);
                    }
                });
    }

    /// The variable of a setting.
    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    @Override
    public Optional<Found> find(String key) {
        Optional<Found> own = found(variable(key));
        return own.isPresent() || !ALIASES.containsKey(key) ? own : found(ALIASES.get(key));
    }

    /// Any variable, for the value `${NAME}` of a setting.
    Optional<String> value(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /// Knows the elements of lists only: free names cannot be told from the rest of a variable.
    @Override
    public Set<String> below(String key) {
        String prefix = variable(key) + "_";
        Set<String> indexes = new LinkedHashSet<>();
        for (String name : variables.keySet()) {
            if (name.startsWith(prefix)) {
                String index = name.substring(prefix.length()).split("_", 2)[0];
                if (!index.isEmpty() && index.chars().allMatch(Character::isDigit)) {
                    indexes.add(index);
                }
            }
        }
        return indexes;
    }

    @Override
    public Iterable<Stray> strays(Set<String> read) {
        Set<String> known = new LinkedHashSet<>(NO_SETTINGS);
        known.addAll(ALIASES.values());
        read.forEach(key -> known.add(variable(key)));
        List<Stray> strays = new ArrayList<>();
        for (String name : variables.keySet()) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                String key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                strays.add(new Stray("environment", name, key.replace('_', '.')));
            }
        }
        return strays;
    }

    private Optional<Found> found(String name) {
        return value(name).map(text -> new Found("environment " + name, text));
    }

    /// Kubernetes and Docker tell every container about the services beside it; for a service named
    /// `tandem-…` the names look like ours: `TANDEM_PORT=tcp://10.0.0.1:8000`.
    private static boolean isServiceLink(String name, String value) {
        return name.startsWith(PREFIX)
                && (value.startsWith("tcp://")
                        || value.startsWith("udp://")
                        || name.matches("TANDEM_(.*_)?SERVICE_(HOST|PORT.*)")
                        || name.matches("TANDEM_(.*_)?PORT_\\d+_(TCP|UDP).*"));
    }
}
