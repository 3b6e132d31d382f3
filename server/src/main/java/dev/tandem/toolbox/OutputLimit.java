package dev.tandem.toolbox;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.tool.ToolOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes one answer as short as answers may be, and says in it what is missing.
final class OutputLimit {
    /// All pictures, documents and sounds of an answer may be as large as so many of the largest.
    private static final int BLOBS = 4;

    private final int textBytesMax;
    private final int blobBytesMax;
    private final List<Content> kept = new ArrayList<>();
    private long textLeft;
    private long blobsLeft;
    private long textMissing;
    private boolean changed;

    OutputLimit(int textBytesMax, int blobBytesMax) {
        this.textBytesMax = textBytesMax;
        this.blobBytesMax = blobBytesMax;
        this.textLeft = textBytesMax;
        this.blobsLeft = (long) BLOBS * blobBytesMax;
    }

    /// The answer, bounded. To be called once.
    ToolOutput applied(ToolOutput output) {
        output.content().forEach(this::keep);
        if (textMissing > 0) {
            note(
                    "%d bytes of text were left out, for an answer has at most %d"
                            .formatted(textMissing, textBytesMax));
        }
        Optional<String> structured = output.structuredJson().filter(this::fits);
        Optional<String> json = output.json().filter(text -> !changed && isPlausible(text));
        return new ToolOutput(kept, structured, output.failed(), json);
    }

    private void keep(Content piece) {
        switch (piece) {
            case Content.Text(String text) -> keepText(text);
            case Content.Image(Source source, Optional<String> _) ->
                    keepBlob("a picture", source, piece);
            case Content.Document(Source source, Optional<String> _) ->
                    keepBlob("a document", source, piece);
            case Content.Audio(String base64, String _) -> keepBlob("a sound", base64, piece);
            case Content.Reasoning(String text) -> keepText(text);
            case Content.Refusal(String text) -> keepText(text);
            case Content.ToolUse _, Content.ToolResult _ -> changed = true;
        }
    }

    private void keepText(String text) {
        int cut = 0;
        long bytes = 0;
        while (cut < text.length()) {
            int point = text.codePointAt(cut);
            long next = bytes + utf8Bytes(point);
            if (next > textLeft) {
                break;
            }
            bytes = next;
            cut += Character.charCount(point);
        }
        textLeft -= bytes;
        if (cut == text.length()) {
            kept.add(new Content.Text(text));
            return;
        }
        // what follows is missing, too, even where it would fit: a text with holes misleads
        textLeft = 0;
        changed = true;
        textMissing += text.codePoints().mapToLong(OutputLimit::utf8Bytes).sum() - bytes;
        if (cut > 0) {
            kept.add(new Content.Text(text.substring(0, cut)));
        }
    }

    private static long utf8Bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private void keepBlob(String what, Source source, Content piece) {
        switch (source) {
            case Source.Inline(String _, String base64) -> keepBlob(what, base64, piece);
            case Source.Remote _ -> kept.add(piece);
        }
    }

    private void keepBlob(String what, String base64, Content piece) {
        long bytes = base64.length() / 4L * 3;
        if (bytes <= blobBytesMax && bytes <= blobsLeft) {
            blobsLeft -= bytes;
            kept.add(piece);
            return;
        }
        note(
                "%s of %d bytes was left out, for one has at most %d, and all of an answer %d"
                        .formatted(what, bytes, blobBytesMax, (long) BLOBS * blobBytesMax));
    }

    private boolean fits(String structured) {
        long bytes = structured.codePoints().mapToLong(OutputLimit::utf8Bytes).sum();
        if (bytes > textBytesMax) {
            note(
                    "The structured form of %d bytes was left out, for it may have at most %d"
                            .formatted(bytes, textBytesMax));
        }
        return bytes <= textBytesMax;
    }

    /// The answer as it came may be as long as its parts, its text once more in structured form,
    /// and each character escaped.
    private boolean isPlausible(String json) {
        long blobs = (long) BLOBS * blobBytesMax - blobsLeft;
        return json.length() <= 4L * textBytesMax + blobs * 4 / 3 + 4096;
    }

    private void note(String text) {
        changed = true;
        kept.add(new Content.Text("[" + text + ".]"));
    }
}
