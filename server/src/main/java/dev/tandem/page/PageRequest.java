package dev.tandem.page;

import java.util.Optional;

/// Which page of a list to read.
///
/// @param size how many items at most, 1 to [#SIZE_MAX]
/// @param after where the page before ended; empty for the first page
public record PageRequest(int size, Optional<PageToken> after) {
    /// The size of a page where the caller asks for none.
    public static final int SIZE_DEFAULT = 50;

    /// The largest page. More is asked for in vain, not refused.
    public static final int SIZE_MAX = 1000;

    public PageRequest {
        if (size < 1 || size > SIZE_MAX) {
            throw new IllegalArgumentException("size must be 1 to " + SIZE_MAX + ", was " + size);
        }
    }

    /// Reads what a client asked for, a size of at least 1.
    public static PageRequest of(Optional<Integer> size, Optional<String> token, String list) {
        int asked = size.orElse(SIZE_DEFAULT);
        return new PageRequest(
                Math.min(asked, SIZE_MAX), token.map(text -> PageToken.parse(text, list)));
    }
}
