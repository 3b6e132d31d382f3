package dev.tandem.page;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list.
///
/// @param items in the order of the list
/// @param next where the next page begins; empty on the last
public record Page<T>(List<T> items, Optional<PageToken> next) {
    public Page {
        items = List.copyOf(items);
    }

    /// Makes a page of rows that were read with one more than was asked for: the extra row only
    /// says that there is a next page.
    public static <T> Page<T> of(List<T> rows, int size, String list, Function<T, String> idOf) {
        if (rows.size() <= size) {
            return new Page<>(rows, Optional.empty());
        }
        List<T> items = rows.subList(0, size);
        return new Page<>(items, Optional.of(new PageToken(list, idOf.apply(items.get(size - 1)))));
    }
}
