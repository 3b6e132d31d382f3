package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.edge.mcp.McpServer.Setup;
import dev.tandem.tool.ToolServer.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Resources, prompts and completions of several servers, as one.
final class ContextTest {
    private final FakeSource source =
            new FakeSource()
                    .broken("down")
                    .server(
                            "one",
                            Origin.USER,
                            FakeSource.resource("file:///a", "of one"),
                            FakeSource.template("db://{table}/rows{?limit}"),
                            FakeSource.prompt("greet"),
                            FakeSource.prompt("wie geht's"))
                    .server(
                            "two",
                            Origin.PROJECT,
                            FakeSource.resource("file:///a", "of two"),
                            FakeSource.resource("file:///b", "of two"),
                            FakeSource.template("db://{table}/rows{?limit}"),
                            FakeSource.prompt("greet"))
                    .server("built-in", Origin.PLUGIN, FakeSource.prompt("plain"));

    private McpServer server() {
        return new McpServer(new FakeToolbox(), source);
    }

    private static McpClient greeting(McpServer server) {
        return McpClient.greeting(server, "2025-11-25", "{}");
    }

    private static List<String> names(JsonNode list, String field) {
        List<String> names = new ArrayList<>();
        list.forEach(each -> names.add(each.path(field).asText()));
        return names;
    }

    @Test
    void theFirstServerHasAResourceThatSeveralList() {
        try (McpServer server = server();
                McpClient client = greeting(server)) {
            JsonNode list = client.result("resources/list", "{}").path("resources");
            JsonNode templates =
                    client.result("resources/templates/list", "{}").path("resourceTemplates");

            assertEquals(List.of("of one", "of two"), names(list, "name"));
            assertEquals(List.of("file:///a", "file:///b"), names(list, "uri"));
            assertTrue(
                    client.post(McpClient.message("9", "resources/list", "{}"))
                            .body()
                            .contains("\"_meta\":{\"a\":1.50}"));
            assertEquals(1, templates.size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "file:///a, one",
        "file:///b, two",
        "db://users/rows, one",
        "db://users/rows?limit=5, one"
    })
    void aResourceIsReadWhereItIs(String uri, String server) {
        try (McpServer running = server();
                McpClient client = greeting(running)) {
            JsonNode answer =
                    client.result("resources/read", "{\"uri\":\"%s\",\"_meta\":{}}".formatted(uri));

            assertEquals(server, answer.path("server").asText());
            assertEquals("{\"uri\":\"%s\"}".formatted(uri), answer.path("params").toString());
        }
    }

    @Test
    void promptsAreNamedAfterTheirServers() {
        try (McpServer server = server();
                McpClient client = greeting(server)) {
            JsonNode list = client.result("prompts/list", "{}").path("prompts");
            JsonNode answer =
                    client.result(
                            "prompts/get", "{\"name\":\"two__greet\",\"arguments\":{\"a\":\"b\"}}");

            assertEquals(
                    List.of("one__greet", "one__wie_geht_s", "two__greet", "plain"),
                    names(list, "name"));
            assertEquals("P", list.get(0).path("title").asText());
            assertEquals("two", answer.path("server").asText());
            assertEquals(
                    "{\"name\":\"greet\",\"arguments\":{\"a\":\"b\"}}",
                    answer.path("params").toString());
        }
    }

    @Test
    void namesStayUniqueAndShort() {
        String name = "x".repeat(100);
        source.server("long", Origin.USER, FakeSource.prompt(name), FakeSource.prompt(name + "y"));
        try (McpServer server = server();
                McpClient client = greeting(server)) {
            List<String> names =
                    names(client.result("prompts/list", "{}").path("prompts"), "name").stream()
                            .filter(each -> each.startsWith("long__"))
                            .toList();

            assertEquals(List.of(64, 64), names.stream().map(String::length).toList());
            assertTrue(names.get(1).endsWith("_2"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "two | {\"type\":\"ref/prompt\",\"name\":\"two__greet\"} | {\"type\":\"ref/prompt\",\"name\":\"greet\"}",
                "one | {\"type\":\"ref/resource\",\"uri\":\"db://{table}/rows{?limit}\"} | {\"type\":\"ref/resource\",\"uri\":\"db://{table}/rows{?limit}\"}"
            })
    void completionsComeFromWhoseThingItIs(String server, String sent, String handedOn) {
        String argument = "{\"name\":\"a\",\"value\":\"b\"}";
        try (McpServer running = server();
                McpClient client = greeting(running)) {
            JsonNode answer =
                    client.result(
                            "completion/complete",
                            "{\"ref\":%s,\"argument\":%s}".formatted(sent, argument));

            assertEquals(server, answer.path("server").asText());
            assertEquals(
                    "{\"ref\":%s,\"argument\":%s}".formatted(handedOn, argument),
                    answer.path("params").toString());
        }
    }

    @Test
    void aServerThatHangsIsNotWaitedForForEver() {
        source.server("slow", Origin.USER, FakeSource.resource("hangs:", "never read"));
        Setup hasty = Setup.usual().with(Settings.readMax(Duration.ofMillis(50)));
        try (McpServer server = new McpServer(new FakeToolbox(), source, hasty);
                McpClient client = greeting(server)) {
            JsonNode answer = client.ask("resources/read", "{\"uri\":\"hangs:\"}");

            assertEquals("slow did not answer within 50 ms.", answer.at("/error/message").asText());
            assertEquals("upstream_timeout", answer.at("/error/data/code").asText());
        }
    }

    @Test
    void listsComeInPages() {
        Setup setup = Setup.usual().with(Settings.pageMax(3));
        try (McpServer server = new McpServer(new FakeToolbox(), source, setup);
                McpClient client = greeting(server)) {
            JsonNode first = client.result("prompts/list", "{}");
            JsonNode second =
                    client.result(
                            "prompts/list", "{\"cursor\":%s}".formatted(first.path("nextCursor")));

            assertEquals(3, first.path("prompts").size());
            assertEquals(List.of("plain"), names(second.path("prompts"), "name"));
            assertTrue(second.path("nextCursor").isMissingNode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "test://template/{id}/data, test://template/7/data, true",
        "test://template/{id}/data, test://template/7/8/data, false",
        "test://template/{id}/data, test://template/7/datum, false",
        "file:///{+path}, file:///a/b/c, true",
        "a{/more*}, a/b/c, true",
        "a{?q}, a, true",
        "a{?q}, ab, false",
        "a.b, acb, false"
    })
    void templatesFitWhatCouldBeMadeOfThem(String template, String uri, boolean fits) {
        assertEquals(fits, UriTemplate.matches(template, uri));
    }
}
