package dev.tandem.provider.http;

/// Takes the lines of an event stream that are not data: names, ids, `retry`, comments, and the
/// empty line that ends an event.
@FunctionalInterface
public interface SseFields {
    /// Takes one line.
    ///
    /// @param buffer holds the line, from `start` to before `end`, until this call returns
    void line(byte[] buffer, int start, int end);
}
