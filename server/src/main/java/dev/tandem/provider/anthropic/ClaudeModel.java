package dev.tandem.provider.anthropic;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a Claude model accepts, told from its name. Names without a version that we know are taken
/// for new models, which accept the least; names that are not Claude's (other services speak this
/// wire too) for models of the time before adaptive thinking.
///
/// Sources: the pages on thinking, effort, migration and structured outputs at platform.claude.com,
/// the recorded `GET /v1/models`, and the `compat` flags of npm `@earendil-works/pi-ai` 1.5.2.
///
/// @param family `opus`, `sonnet`, `haiku`, `fable` …; empty for models that are not Claude
/// @param version major × 10 + minor, such as 46
/// @param takesSampling whether `temperature`, `top_p` and `top_k` may be other than neutral, which
///     they may not after Opus 4.6, nor on any model from the API's version 2026-10-21 on
record ClaudeModel(String family, int version, boolean takesSampling) {
    private static final String SAMPLING_ENDS = "2026-10-21";

    private static final int NEWEST = 999;
    private static final int BEFORE_ADAPTIVE = 45;

    /// `claude-sonnet-4-6`, `claude-haiku-4-5-20251001`, `anthropic/claude-haiku-4.5`.
    private static final Pattern NAME =
            Pattern.compile("claude-([a-z]+)-(\\d{1,2})(?:[-.](\\d{1,2}))?(?![0-9]).*");

    /// `claude-3-7-sonnet-20250219`.
    private static final Pattern OLD_NAME =
            Pattern.compile("claude-(\\d)(?:[-.](\\d))?(?:-([a-z]+))?.*");

    /// How a model is told to think.
    enum Thinking {
        /// Not at all.
        NONE,
        /// By a number of tokens.
        BUDGET,
        /// As it sees fit, steered by an effort.
        ADAPTIVE
    }

    /// @param name the model's name at Anthropic
    /// @param apiVersion the header `anthropic-version`, a date
    static ClaudeModel of(String name, String apiVersion) {
        ClaudeModel model = of(name);
        boolean sampling = model.version <= 46 && apiVersion.compareTo(SAMPLING_ENDS) < 0;
        return new ClaudeModel(model.family, model.version, sampling);
    }

    private static ClaudeModel of(String name) {
        String bare = name.substring(name.lastIndexOf('/') + 1);
        Matcher matcher = NAME.matcher(bare);
        if (matcher.matches()) {
            return new ClaudeModel(
                    matcher.group(1), version(matcher.group(2), matcher.group(3)), true);
        }
        Matcher old = OLD_NAME.matcher(bare);
        if (old.matches()) {
            return new ClaudeModel(
                    Optional.ofNullable(old.group(3)).orElse(""),
                    version(old.group(1), old.group(2)),
                    true);
        }
        return bare.startsWith("claude-")
                ? new ClaudeModel("", NEWEST, true)
                : new ClaudeModel("", BEFORE_ADAPTIVE, true);
    }

    private static int version(String major, @Nullable String minor) {
        return Integer.parseInt(major) * 10 + (minor == null ? 0 : Integer.parseInt(minor));
    }

    Thinking thinking() {
        if (version >= 46) {
            return Thinking.ADAPTIVE;
        }
        return version >= 37 ? Thinking.BUDGET : Thinking.NONE;
    }

    /// Whether it thinks whatever one says: `thinking: disabled` is a 400.
    boolean alwaysThinks() {
        return switch (family) {
            case "fable", "mythos" -> true;
            case "opus", "sonnet" -> version >= 55;
            default -> false;
        };
    }

    /// From 4.7 on thoughts come empty unless a summary is asked for.
    boolean hidesThoughts() {
        return version >= 47;
    }

    /// A forced tool is a 400 on Opus 5.5, Sonnet 5.5 and Fable 5.1.
    boolean takesForcedTool() {
        return switch (family) {
            case "fable", "mythos" -> version < 51;
            case "opus", "sonnet" -> version < 55;
            default -> true;
        };
    }

    /// An answer begun by the caller, to be gone on with, is a 400 on newer models.
    boolean takesPrefill() {
        return version < 46;
    }

    /// `output_config.format` and `strict` tools.
    boolean takesSchemas() {
        return version >= 41;
    }

    /// Messages of the role `system` between others.
    boolean takesSystemMessages() {
        return version >= 48 && !(family.equals("sonnet") && version < 55);
    }

    /// The nearest effort that it knows.
    ///
    /// @param wanted OpenAI's word, which may be `minimal`
    String effort(String wanted) {
        return switch (wanted) {
            case "minimal" -> "low";
            case "xhigh" -> version >= 47 ? "xhigh" : "high";
            default -> wanted;
        };
    }
}
