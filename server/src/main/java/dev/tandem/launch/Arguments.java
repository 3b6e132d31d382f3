package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line, read.
///
/// @param task what to do
/// @param file the file that `--config` names
/// @param settings what `--set` and its short forms set
record Arguments(Task task, Optional<String> file, Map<String, Found> settings) {
    static final String USAGE =
            """
            Usage: tandem [OPTION]…

              --config FILE      settings, instead of tandem.yaml in the working directory
              --set KEY=VALUE    one setting, such as --set log.level=debug; may be repeated
              --port PORT        short for --set server.port=PORT
              --host HOST        short for --set server.host=HOST
              --data FOLDER      short for --set storage.data=FOLDER
              --print-settings   tell every setting, its value and where it comes from, and end
              --version          tell the version, and end
              --help             tell this, and end

            A setting stands on the command line, in the environment (server.port is
            TANDEM_SERVER_PORT), in the file, or is its default: the first of them wins.
            """;

    private static final Map<String, String> SHORT_FORMS =
            Map.of(
                    "--port", "server.port",
                    "--host", "server.host",
                    "--data", "storage.data");

    private static final Map<String, Task> TASKS =
            Map.of(
                    "--print-settings", Task.PRINT_SETTINGS,
                    "--version", Task.PRINT_VERSION,
                    "--help", Task.PRINT_USAGE,
                    "-h", Task.PRINT_USAGE);

    /// What the command line asks for.
    enum Task {
        SERVE,
        PRINT_SETTINGS,
        PRINT_VERSION,
        PRINT_USAGE
    }

    /// @throws SettingsException where an option is none, or lacks its value
    static Arguments parse(List<String> words) {
        Task task = Task.SERVE;
        Optional<String> file = Optional.empty();
        Map<String, Found> settings = new LinkedHashMap<>();
        Deque<String> rest = new ArrayDeque<>(words);
        while (!rest.isEmpty()) {
            Option option = Option.take(rest);
            if (TASKS.containsKey(option.name())) {
                task = TASKS.get(option.name());
            } else if (option.name().equals("--config")) {
                file = Optional.of(option.value(rest));
            } else {
                set(option, option.value(rest), settings);
            }
        }
        return new Arguments(task, file, settings);
    }

    private static void set(Option option, String value, Map<String, Found> settings) {
        String key = SHORT_FORMS.get(option.name());
        if (key != null) {
            settings.put(key, new Found(option.name(), value));
            return;
        }
        String[] parts = value.split("=", 2);
        if (parts.length < 2 || parts[0].isBlank()) {
            throw new SettingsException("--set wants KEY=VALUE, such as --set log.level=debug");
        }
        settings.put(parts[0].strip(), new Found("--set", parts[1]));
    }

    /// One option; its value stands behind `=` or is the next word.
    private record Option(String name, Optional<String> given) {
        static Option take(Deque<String> words) {
            String[] parts = words.pop().split("=", 2);
            String name = parts[0];
            boolean known =
                    TASKS.containsKey(name)
                            || SHORT_FORMS.containsKey(name)
                            || name.equals("--config")
                            || name.equals("--set");
            if (!known) {
                throw new SettingsException(
                        name
                                + " is not an option; see --help, or set any setting with"
                                + " --set KEY=VALUE");
            }
            return new Option(name, parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
        }

        String value(Deque<String> words) {
            if (given.isPresent()) {
                return given.get();
            }
            if (words.isEmpty()) {
                throw new SettingsException(name + " wants a value behind it");
            }
            return words.pop();
        }
    }
}
