package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts lists into pages.
///
/// @param pageMax the most entries of one
record Paging(int pageMax) {
    private static final Pattern PLACE = Pattern.compile("from:(\\d{1,9})");

    /// The page that a request asks for, with the cursor of the next where there is one.
    ///
    /// @param field the result's name for the list
    /// @throws RpcError INVALID_PARAMS for a cursor that is none of ours
    ObjectNode page(Asked asked, String field, List<ObjectNode> all) {
        int from = Math.min(from(asked), all.size());
        int to = Math.min(from + pageMax, all.size());
        ObjectNode result = Json.object();
        ArrayNode page = result.putArray(field);
        all.subList(from, to).forEach(page::add);
        if (to < all.size()) {
            result.put("nextCursor", cursor(to));
        }
        return result;
    }

    private static int from(Asked asked) {
        if (!asked.params().hasNonNull("cursor")) {
            return 0;
        }
        return place(asked.text("cursor"))
                .orElseThrow(
                        () ->
                                RpcError.invalidParams(
                                        "cursor must be the nextCursor of a list, was '"
                                                + asked.text("cursor")
                                                + "'."));
    }

    private static Optional<Integer> place(String cursor) {
        try {
            byte[] plain = Base64.getUrlDecoder().decode(cursor);
            Matcher place = PLACE.matcher(new String(plain, StandardCharsets.UTF_8));
            return place.matches()
                    ? Optional.of(Integer.valueOf(place.group(1)))
                    : Optional.empty();
        } catch (IllegalArgumentException noneOfOurs) {
            return Optional.empty();
        }
    }

    private static String cursor(int from) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("from:" + from).getBytes(StandardCharsets.UTF_8));
    }
}
