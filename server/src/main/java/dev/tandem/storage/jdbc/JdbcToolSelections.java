package dev.tandem.storage.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolSelections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which tools sessions and projects offer. They are forgotten with their owner.
public final class JdbcToolSelections implements ToolSelections {
    private final Database database;

    public JdbcToolSelections(Database database) {
        this.database = database;
    }

    @Override
    public ToolSelection find(String tenant, String owner) {
        return database.read(
                        transaction ->
                                transaction.first(
                                        "SELECT selection FROM tool_selection"
                                                + " WHERE tenant = ? AND owner = ?",
                                        row -> read(row.text("selection")),
                                        tenant,
                                        owner))
                .orElse(ToolSelection.INHERIT);
    }

    @Override
    public void save(String tenant, String owner, ToolSelection selection) {
        int _ =
                database.write(
                        transaction ->
                                selection.isEmpty()
                                        ? transaction.update(
                                                "DELETE FROM tool_selection"
                                                        + " WHERE tenant = ? AND owner = ?",
                                                tenant,
                                                owner)
                                        : transaction.update(
                                                "INSERT INTO tool_selection"
                                                        + " (tenant, owner, selection)"
                                                        + " VALUES (?, ?, ?)"
                                                        + " ON CONFLICT (tenant, owner)"
                                                        + " DO UPDATE SET"
                                                        + " selection = excluded.selection",
                                                tenant,
                                                owner,
                                                write(selection)));
    }

    private static String write(ToolSelection selection) {
        ObjectNode node = MessageJson.JSON.createObjectNode();
        selection.enabled().ifPresent(enabled -> node.put("enabled", enabled));
        selection.auditArguments().ifPresent(audits -> node.put("audit", audits));
        put(node, "servers", selection.servers());
        put(node, "tools", selection.tools());
        put(node, "priority", selection.priority());
        return node.toString();
    }

    private static void put(ObjectNode node, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            texts.forEach(node.withArray(name)::add);
        }
    }

    private static ToolSelection read(String text) {
        JsonNode node = MessageJson.tree(text);
        return new ToolSelection(
                truth(node.path("enabled")),
                texts(node.path("servers")),
                texts(node.path("tools")),
                texts(node.path("priority")),
                truth(node.path("audit")));
    }

    private static Optional<Boolean> truth(JsonNode node) {
        return node.isBoolean() ? Optional.of(node.asBoolean()) : Optional.empty();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
