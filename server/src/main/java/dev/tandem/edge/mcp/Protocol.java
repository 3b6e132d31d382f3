package dev.tandem.edge.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The versions of MCP that are spoken, newest first.
enum Protocol {
    V2026_07_28("2026-07-28"),
    V2025_11_25("2025-11-25"),
    V2025_06_18("2025-06-18"),
    V2025_03_26("2025-03-26");

    static final List<String> WORDS = Arrays.stream(values()).map(version -> version.word).toList();

    private final String word;

    Protocol(String word) {
        this.word = word;
    }

    /// As it stands in messages and headers.
    String word() {
        return word;
    }

    static Optional<Protocol> of(String word) {
        return Arrays.stream(values()).filter(version -> version.word.equals(word)).findFirst();
    }

    /// What a client that greets with a version gets: its own where we speak it, else the newest
    /// that begins with a greeting.
    static Protocol agreed(String wanted) {
        return of(wanted).filter(Protocol::hasSessions).orElse(V2025_11_25);
    }

    /// Whether clients greet and are remembered; otherwise each request stands for itself.
    boolean hasSessions() {
        return this != V2026_07_28;
    }

    /// Whether several messages may come in one request.
    boolean hasBatches() {
        return this == V2025_03_26;
    }

    /// Whether clients know that an event without data only carries an id.
    boolean hasEmptyEvents() {
        return this == V2025_11_25;
    }
}
