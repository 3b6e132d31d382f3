package dev.tandem.provider;

import java.util.List;

/// A request in a provider's own form, ready to be sent once.
public interface PreparedCall {
    /// The request's parameters that the model does not know and that were left out, in OpenAI's
    /// names.
    List<String> ignoredParameters();

    /// The body that would be sent, as JSON text. It never holds a key.
    String bodyJson();

    /// Begins the call. The request goes out now, or with the stream's first [ModelStream#next()];
    /// interrupting the thread ends the call. The caller closes the stream.
    ///
    /// @throws dev.tandem.failure.Failure what the provider answered instead of a stream; where the
    ///     request goes out later, the stream's first [ModelStream#next()] throws it
    ModelStream open() throws InterruptedException;
}
