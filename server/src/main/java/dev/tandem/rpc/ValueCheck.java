package dev.tandem.rpc;

import dev.tandem.v1.Bounds;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/// Holds single values, texts and numbers, against bounds.
final class ValueCheck {
    private static final int SHOWN_MAX = 100;

    private final Bounds bounds;
    private final Optional<Pattern> pattern;

    ValueCheck(Bounds bounds) {
        this.bounds = bounds;
        this.pattern =
                bounds.hasPattern()
                        ? Optional.of(Pattern.compile(bounds.getPattern()))
                        : Optional.empty();
    }

    /// What is wrong with a value, in words that follow its name; empty where nothing is.
    Optional<String> complaint(Object value) {
        return switch (value) {
            case String text -> text(text);
            case Number number -> number(number);
            default -> Optional.empty();
        };
    }

    private Optional<String> text(String text) {
        if (bounds.getNotBlank() && text.isBlank()) {
            return Optional.of("must not be empty");
        }
        if (bounds.getMinChars() > 0 && chars(text) < bounds.getMinChars()) {
            return length("at least", bounds.getMinChars(), text);
        }
        if (bounds.hasMaxChars()
                && text.length() > bounds.getMaxChars()
                && chars(text) > bounds.getMaxChars()) {
            return length("at most", bounds.getMaxChars(), text);
        }
        if (pattern.isPresent() && !pattern.get().matcher(text).matches()) {
            return Optional.of("must be " + bounds.getPatternWords() + was(text));
        }
        if (bounds.getOneOfCount() > 0 && !bounds.getOneOfList().contains(text)) {
            return Optional.of(
                    "must be one of " + String.join(", ", bounds.getOneOfList()) + was(text));
        }
        return Optional.empty();
    }

    private static Optional<String> length(String which, int bound, String text) {
        String unit = bound == 1 ? " character" : " characters";
        return Optional.of("must have " + which + " " + bound + unit + ", has " + chars(text));
    }

    private Optional<String> number(Number number) {
        double value = number.doubleValue();
        boolean low = bounds.hasMin() && !(value >= bounds.getMin());
        boolean high = bounds.hasMax() && !(value <= bounds.getMax());
        return low || high
                ? Optional.of("must be " + range() + ", was " + number)
                : Optional.empty();
    }

    private String range() {
        if (bounds.hasMin() && bounds.hasMax()) {
            return "from " + plain(bounds.getMin()) + " to " + plain(bounds.getMax());
        }
        return bounds.hasMin()
                ? "at least " + plain(bounds.getMin())
                : "at most " + plain(bounds.getMax());
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static String was(String text) {
        String shown = text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
        return ", was '" + shown + "'";
    }

    private static int chars(String text) {
        return text.codePointCount(0, text.length());
    }
}
