package dev.tandem.page;

import dev.tandem.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The place between two pages of a list: the id of the last item that was read. Ids sort by time
/// and are never reused, so a page is stable while items are added before or behind it.
///
/// @param list which list it belongs to, with its filters: a token of another list is refused
/// @param lastId the last item of the page before
public record PageToken(String list, String lastId) {
    private static final String VERSION = "1";

    /// The text that clients hand back.
    public String text() {
        String plain = VERSION + "\n" + list + "\n" + lastId;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a token that a client handed back for `list`.
    public static PageToken parse(String text, String list) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            String[] parts = plain.split("\n", -1);
            if (parts.length == 3 && parts[0].equals(VERSION) && parts[1].equals(list)) {
                return new PageToken(parts[1], parts[2]);
            }
        } catch (IllegalArgumentException notBase64) {
            throw foreign();
        }
        throw foreign();
    }

    private static Failure foreign() {
        return Failure.invalid(
                "page_token",
                "page_token is not one that this list returned; use next_page_token of the page"
                        + " before, with the same filters, or leave it out.");
    }
}
