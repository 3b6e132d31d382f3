package dev.tandem.watch;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.session.StoredMessage;
import java.util.List;

/// How much of a watcher's bound a piece of news takes up. One is about a thousand characters.
final class Weight {
    /// What may wait for one watcher: a thousand small news, 32 runs, or a million characters of
    /// messages.
    static final int MAX = 1024;

    private static final int CHARS = 1024;

    /// A run that waits keeps its log in memory.
    private static final int RUN = 32;

    /// So that one large message does not end a watch that keeps up.
    private static final int MESSAGES_MAX = MAX / 4;

    private Weight() {}

    static int of(SessionNews news) {
        return switch (news) {
            case SessionNews.Stored stored -> of(stored.messages());
            case SessionNews.RunEnded ended -> of(ended.messages());
            case SessionNews.RunBegan _ -> RUN;
            case SessionNews.Told _,
                    SessionNews.Changed _,
                    SessionNews.Cleared _,
                    SessionNews.Deleted _ ->
                    1;
        };
    }

    private static int of(List<StoredMessage> messages) {
        long chars = messages.stream().mapToLong(stored -> chars(stored.message())).sum();
        return (int) Math.min(MESSAGES_MAX, messages.size() + chars / CHARS);
    }

    private static long chars(Message message) {
        return message.original().map(original -> original.json().length()).orElse(0)
                + message.content().stream().mapToLong(Weight::chars).sum();
    }

    private static long chars(Content content) {
        return switch (content) {
            case Content.Text(String text) -> text.length();
            case Content.Reasoning(String text) -> text.length();
            case Content.Refusal(String text) -> text.length();
            case Content.ToolUse use -> use.argumentsJson().length();
            case Content.ToolResult result ->
                    result.content().stream().mapToLong(Weight::chars).sum();
            case Content.Image image -> chars(image.source());
            case Content.Document document -> chars(document.source());
            case Content.Audio audio -> audio.base64().length();
        };
    }

    private static long chars(Content.Source source) {
        return switch (source) {
            case Content.Source.Inline inline -> inline.base64().length();
            case Content.Source.Remote remote -> remote.url().length();
        };
    }
}
