package dev.tandem.engine;

import dev.tandem.catalog.Model;
import dev.tandem.conversation.Message;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.PreparedCall;
import dev.tandem.session.Session;
import java.util.List;
import java.util.Optional;

/// How a question will be answered. Nothing has been sent or stored yet.
///
/// @param session the session that it belongs to
/// @param sessionIsNew whether the session is yet to be created
/// @param model which model answers
/// @param questions the messages that the session keeps of the request
/// @param request what the model is asked, history included
/// @param call the request in the provider's form
public record Plan(
        Question question,
        Optional<Session> session,
        boolean sessionIsNew,
        Model model,
        List<Message> questions,
        ModelRequest request,
        PreparedCall call) {

    /// An estimate of the input: a quarter of the characters that are sent.
    public long estimatedInputTokens() {
        return TokenEstimate.ofCharacters(call.bodyJson().length());
    }
}
