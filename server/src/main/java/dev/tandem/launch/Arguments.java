package dev.tandem.launch;

import dev.tandem.audit.AuditHead;
import dev.tandem.launch.Layer.Found;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The command line, read.
///
/// @param task what to do
/// @param file the file that `--config` names
/// @param settings what `--set` and its short forms set
/// @param anchor the row of the audit log that `--anchor` names
record Arguments(
        Task task, Optional<String> file, Map<String, Found> settings, Optional<AuditHead> anchor) {
    static final String USAGE =
            """
            Usage: tandem [OPTION]…
                   tandem audit verify [--anchor SEQ:HASH] [OPTION]…

            Without a command the server starts. "audit verify" checks that no row of the audit log
            was changed, removed or moved, while the server runs or not; it tells the number of rows
            and the last row's hash, and ends with 0, or with 1 at the first row that is wrong. With
            --anchor the row that it told in former days must still be there.

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

    private static final String ANCHOR = "--anchor";
    private static final Pattern HEAD = Pattern.compile("([1-9]\\d{0,17}):([0-9a-f]{64})");

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
        VERIFY_AUDIT,
        PRINT_SETTINGS,
        PRINT_VERSION,
        PRINT_USAGE
    }

    /// @throws SettingsException where an option is none, or lacks its value
    static Arguments parse(List<String> words) {
        Deque<String> rest = new ArrayDeque<>(words);
        Task task = command(rest);
        Optional<String> file = Optional.empty();
        Optional<AuditHead> anchor = Optional.empty();
        Map<String, Found> settings = new LinkedHashMap<>();
        while (!rest.isEmpty()) {
            Option option = Option.take(rest, task);
            if (TASKS.containsKey(option.name())) {
                task = TASKS.get(option.name());
            } else if (option.name().equals("--config")) {
                file = Optional.of(option.value(rest));
            } else if (option.name().equals(ANCHOR)) {
                anchor = Optional.of(anchor(option.value(rest)));
            } else {
                set(option, option.value(rest), settings);
            }
        }
        return new Arguments(task, file, settings, anchor);
    }

    /// Takes the command off the front; the server is what is started without one.
    private static Task command(Deque<String> words) {
        if (words.isEmpty() || words.peek().startsWith("-")) {
            return Task.SERVE;
        }
        String first = words.pop();
        if (first.equals("audit") && "verify".equals(words.peek())) {
            words.pop();
            return Task.VERIFY_AUDIT;
        }
        throw new SettingsException(first + " is not a command; there is audit verify. See --help");
    }

    private static AuditHead anchor(String value) {
        Matcher matcher = HEAD.matcher(value);
        if (!matcher.matches()) {
            throw new SettingsException(
                    "--anchor wants a row's number and hash, such as 12:9f86d081…, as audit verify"
                            + " told them");
        }
        return new AuditHead(Long.parseLong(matcher.group(1)), matcher.group(2));
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
        static Option take(Deque<String> words, Task task) {
            String[] parts = words.pop().split("=", 2);
            String name = parts[0];
            boolean known =
                    TASKS.containsKey(name)
                            || SHORT_FORMS.containsKey(name)
                            || name.equals("--config")
                            || (name.equals(ANCHOR) && task == Task.VERIFY_AUDIT)
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
