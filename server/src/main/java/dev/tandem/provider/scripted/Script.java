package dev.tandem.provider.scripted;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a scripted model does, written line by line. Output is counted and paced in words.
///
/// | line | does |
/// |---|---|
/// | `say TEXT`, `think TEXT` | streams its words; `\n` breaks lines |
/// | `words N` | says `word1` to `wordN` |
/// | `pace 20ms` | waits before each word from here on; `ms` or `s` |
/// | `call NAME {json}` | calls a tool of the request; skipped where it was not offered |
/// | `call! NAME {json}` | calls it even so |
/// | `provider-tool NAME {json} => RESULT` | runs its own tool; `=!`: it fails |
/// | `usage in=1 out=2 cached=3 written=4 reasoning=5` | reports this usage |
/// | `finish stop`, `length`, `content_filter` | ends here |
/// | `refuse TEXT`, `stop-sequence TEXT` | ends here, declining, or at this stop sequence |
/// | `fail CODE [retry-after 2s] [PHASE]` | fails, with a word of [FailureCode] |
/// | `hang [PHASE]` | does nothing until it is closed or interrupted |
/// | `then` | what follows is the answer after the next tool results |
/// | `repeat` | last line: the last answer is given again after every further tool result |
///
/// PHASE is `before-headers` (no stream is opened) or `after N words`, which says them first;
/// without one it happens where it stands, so as the first line it comes before the first
/// token.
///
/// @param answers one after another, for as many rounds of tool results
record Script(List<List<Step>> answers, boolean repeats) {
    private static final Pattern WORD = Pattern.compile("\\s*\\S+|\\s+$");
    private static final Pattern TOOL_RUN = Pattern.compile("(\\S+)\\s+(.*?)\\s+=([>!])\\s*(.*)");
    private static final Pattern FAIL =
            Pattern.compile(
                    "(\\S+)(?: retry-after (\\S+))?(?: (before-headers|after \\d+ words))?");
    private static final Pattern HANG = Pattern.compile("(before-headers|after \\d+ words)?");
    private static final Pattern WAIT = Pattern.compile("(\\d{1,9})(ms|s)?");
    private static final int WORDS_MAX = 100_000;

    Script {
        answers = answers.stream().map(List::copyOf).toList();
    }

    /// The steps of an answer; empty where the script has none for so late a round.
    ///
    /// @param round how many answers the model has given since the user spoke
    Optional<List<Step>> answer(int round) {
        int index = repeats ? Math.min(round, answers.size() - 1) : round;
        return index < answers.size() ? Optional.of(answers.get(index)) : Optional.empty();
    }

    /// Says a text, word by word.
    static List<Step> saying(String text) {
        return words(text).stream().<Step>map(Step.Say::new).toList();
    }

    /// A text cut before each word, nothing lost.
    static List<String> words(String text) {
        return WORD.matcher(text).results().map(match -> match.group()).toList();
    }

    /// @param text the lines of the script
    /// @throws Failure INVALID_REQUEST with the line that cannot be read
    static Script parse(String text) {
        Parser parser = new Parser();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(parser::line);
        parser.answers.add(parser.steps);
        return new Script(parser.answers, parser.repeats);
    }

    private static final class Parser {
        private final List<List<Step>> answers = new ArrayList<>();
        private List<Step> steps = new ArrayList<>();
        private boolean repeats;

        private void line(String line) {
            String[] parts = line.split("\\s+", 2);
            String rest = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "say" -> say(rest);
                case "think" -> think(rest);
                case "words" -> words(number(line, rest));
                case "pace" -> steps.add(new Step.Pace(wait(line, rest)));
                case "call" -> steps.add(call(rest, false));
                case "call!" -> steps.add(call(rest, true));
                case "provider-tool" -> steps.add(toolRun(line, rest));
                case "usage" -> steps.add(new Step.Use(usage(line, rest)));
                case "finish" -> steps.add(new Step.Finish(finish(line, rest)));
                case "refuse" -> steps.add(new Step.Refuse(rest));
                case "stop-sequence" -> steps.add(new Step.StopSequence(rest));
                case "fail" -> fail(line, rest);
                case "hang" -> hang(line, rest);
                case "then" -> nextAnswer();
                case "repeat" -> repeats = true;
                default -> throw unreadable(line);
            }
        }

        private void nextAnswer() {
            answers.add(steps);
            steps = new ArrayList<>();
        }

        private void say(String text) {
            boolean first = steps.stream().noneMatch(Step.Say.class::isInstance);
            steps.addAll(saying(joined(first, text)));
        }

        private void think(String text) {
            boolean first = steps.stream().noneMatch(Step.Think.class::isInstance);
            for (String word : Script.words(joined(first, text))) {
                steps.add(new Step.Think(word));
            }
        }

        private void words(int count) {
            boolean first = steps.stream().noneMatch(Step.Say.class::isInstance);
            for (int number = 1; number <= count; number++) {
                steps.add(new Step.Say(joined(first && number == 1, "word" + number)));
            }
        }

        private void fail(String line, String rest) {
            Matcher match = match(FAIL, line, rest);
            String phase = match.group(3);
            wordsFirst(line, phase);
            Optional<Duration> retryAfter =
                    Optional.ofNullable(match.group(2)).map(wait -> wait(line, wait));
            FailureCode code = code(line, match.group(1));
            steps.add(new Step.Fail(code, retryAfter, "before-headers".equals(phase)));
        }

        private void hang(String line, String rest) {
            String phase = match(HANG, line, rest).group(1);
            wordsFirst(line, phase);
            steps.add(new Step.Hang("before-headers".equals(phase)));
        }

        private void wordsFirst(String line, @Nullable String phase) {
            if (phase != null && phase.startsWith("after ")) {
                words(number(line, phase.split(" ", -1)[1]));
            }
        }

        private static String joined(boolean first, String text) {
            String unescaped = text.replace("\\n", "\n");
            return first || unescaped.isEmpty() ? unescaped : " " + unescaped;
        }

        private static Step call(String rest, boolean always) {
            String[] parts = rest.split("\\s+", 2);
            return new Step.Call(parts[0], parts.length == 2 ? parts[1] : "{}", always);
        }

        private static Step toolRun(String line, String rest) {
            Matcher match = match(TOOL_RUN, line, rest);
            return new Step.RunTool(
                    match.group(1), match.group(2), match.group(4), match.group(3).equals("!"));
        }

        private static Usage usage(String line, String rest) {
            long[] counts = new long[5];
            List<String> names = List.of("in", "out", "cached", "written", "reasoning");
            for (String pair : rest.split("\\s+", -1)) {
                String[] parts = pair.split("=", 2);
                int index = names.indexOf(parts[0]);
                if (parts.length < 2 || index < 0) {
                    throw unreadable(line);
                }
                counts[index] = number(line, parts[1]);
            }
            return new Usage(counts[0], counts[2], counts[3], counts[1], 0, counts[4]);
        }

        private static FinishReason finish(String line, String word) {
            return switch (word) {
                case "stop" -> FinishReason.STOP;
                case "length" -> FinishReason.LENGTH;
                case "content_filter" -> FinishReason.CONTENT_FILTER;
                default -> throw unreadable(line);
            };
        }

        private static FailureCode code(String line, String word) {
            for (FailureCode code : FailureCode.values()) {
                if (code.word().equals(word.toLowerCase(Locale.ROOT))) {
                    return code;
                }
            }
            throw unreadable(line);
        }

        private static Duration wait(String line, String text) {
            Matcher match = match(WAIT, line, text);
            long count = Long.parseLong(match.group(1));
            return "s".equals(match.group(2))
                    ? Duration.ofSeconds(count)
                    : Duration.ofMillis(count);
        }

        private static int number(String line, String text) {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > WORDS_MAX) {
                throw unreadable(line);
            }
            return Integer.parseInt(text);
        }

        private static Matcher match(Pattern pattern, String line, String rest) {
            Matcher match = pattern.matcher(rest);
            if (!match.matches()) {
                throw unreadable(line);
            }
            return match;
        }

        private static Failure unreadable(String line) {
            return Failure.invalid(
                    "messages", "the script has a line that cannot be read: " + line);
        }
    }
}
