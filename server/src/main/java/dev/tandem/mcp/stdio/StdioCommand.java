package dev.tandem.mcp.stdio;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A program that is an MCP server.
///
/// @param words the program and its arguments; at least one
/// @param environment the variables that it gets beside the few that every program needs; those of
///     this server, which hold its keys, are not handed on
/// @param folder where it works
public record StdioCommand(List<String> words, Map<String, String> environment, Path folder) {
    public StdioCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw new IllegalArgumentException("the command of an MCP server must not be empty");
        }
    }

    /// The values of its environment may be secrets, and its arguments, too.
    @Override
    public String toString() {
        return "StdioCommand[" + words.getFirst() + "]";
    }
}
