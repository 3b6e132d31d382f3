package dev.tandem.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// A row of the log, as its hash sees it.
///
/// @param cells every column but the two hashes, in order
/// @param previousHash the hash of the row before; 64 zeros in the first
/// @param hash this row's, as it is stored
public record ChainedRow(long seq, List<Cell> cells, String previousHash, String hash) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A column and what it holds, numbers in digits.
    public record Cell(String name, Optional<String> text) {}

    public ChainedRow {
        cells = List.copyOf(cells);
    }

    /// The hash that belongs to these cells behind that row: SHA-256 of the row's hash and the
    /// cells as a JSON object.
    public static String hash(String previousHash, List<Cell> cells) {
        ObjectNode object = JSON.createObjectNode();
        cells.forEach(cell -> object.put(cell.name(), cell.text().orElse(null)));
        try {
            return Sha256.of(previousHash, JSON.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row could not be written as JSON", e);
        }
    }
}
