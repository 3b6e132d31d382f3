package dev.tandem.edge.rest;

/// What the operator decides about requests over HTTP.
///
/// @param bodyBytesMax the most bytes of a request's body; more are answered with 413
public record RestSettings(int bodyBytesMax) {
    public static final RestSettings DEFAULTS = new RestSettings(32 * 1024 * 1024);

    public RestSettings {
        if (bodyBytesMax < 1 || bodyBytesMax > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException(
                    "rest.body-bytes-max must be from 1 to "
                            + Integer.MAX_VALUE / 2
                            + ", was "
                            + bodyBytesMax);
        }
    }
}
