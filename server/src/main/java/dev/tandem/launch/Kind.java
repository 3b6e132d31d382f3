package dev.tandem.launch;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A kind of value: how it is read, how it is written, and what to call it when it is neither.
///
/// @param phrase completes "must be …"
/// @param reader empty where the text is none of this kind
/// @param writer the value as an operator would write it
record Kind<T>(String phrase, Function<String, Optional<T>> reader, Function<T, String> writer) {
    static final Kind<Integer> INTEGER = number("a whole number", Integer::valueOf);
    static final Kind<Long> LONG = number("a whole number", Long::valueOf);
    static final Kind<Double> DECIMAL = number("a number", Double::valueOf);
    static final Kind<Boolean> FLAG = new Kind<>("true or false", Kind::flag, String::valueOf);
    static final Kind<Duration> DURATION =
            new Kind<>(
                    "a duration such as 250ms, 30s, 5m, 2h, 7d or PT1M30S",
                    Quantities::duration,
                    Quantities::write);
    static final Kind<Long> BYTES =
            new Kind<>(
                    "a size such as 65536, 64KiB, 32MiB or 1GiB",
                    Quantities::bytes,
                    Quantities::write);
    static final Kind<Integer> INT_BYTES =
            new Kind<>(
                    "a size below 2GiB such as 65536, 64KiB or 32MiB",
                    Kind::intBytes,
                    size -> Quantities.write(size.longValue()));
    static final Kind<URI> URL = new Kind<>("an http or https address", Kind::url, URI::toString);

    /// One of the words of an enum: its names in lower case, with `-` for `_`.
    static <E extends Enum<E>> Kind<E> wordOf(Class<E> type) {
        E[] all = type.getEnumConstants();
        return new Kind<>(
                "one of " + Stream.of(all).map(Kind::word).collect(Collectors.joining(", ")),
                text ->
                        Stream.of(all)
                                .filter(one -> word(one).equals(text.toLowerCase(Locale.ROOT)))
                                .findFirst(),
                Kind::word);
    }

    private static <N> Kind<N> number(String phrase, Function<String, N> parse) {
        return new Kind<>(
                phrase,
                text -> {
                    try {
                        return Optional.of(parse.apply(text));
                    } catch (NumberFormatException notANumber) {
                        return Optional.empty();
                    }
                },
                String::valueOf);
    }

    private static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> intBytes(String text) {
        return Quantities.bytes(text).filter(size -> size <= Integer.MAX_VALUE).map(Long::intValue);
    }

    private static Optional<URI> url(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
