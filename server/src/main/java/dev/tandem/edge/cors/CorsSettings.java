package dev.tandem.edge.cors;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which web pages may call the server.
///
/// @param origins exactly as browsers send them, such as `https://app.example`; none by default
/// @param maxAge how long a browser may remember what it was allowed; 10 min
public record CorsSettings(List<String> origins, Duration maxAge) {

    public static final CorsSettings DEFAULTS = new CorsSettings(List.of(), Duration.ofMinutes(10));

    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?");

    public CorsSettings {
        origins = origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "cors.origins must be origins such as https://app.example or"
                                + " http://localhost:5173, with no path, was "
                                + origin);
            }
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("cors.max-age must be at least 0s, was " + maxAge);
        }
    }
}
