package dev.tandem.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Call;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolWatcher;
import dev.tandem.v1.GetPromptRequest;
import dev.tandem.v1.GetPromptResponse;
import dev.tandem.v1.ListPromptsRequest;
import dev.tandem.v1.ListPromptsResponse;
import dev.tandem.v1.ListResourcesRequest;
import dev.tandem.v1.ListResourcesResponse;
import dev.tandem.v1.McpPrompt;
import dev.tandem.v1.McpPromptArgument;
import dev.tandem.v1.McpResource;
import dev.tandem.v1.ReadResourceRequest;
import dev.tandem.v1.ReadResourceResponse;
import java.util.Optional;

/// Serves what servers offer beside tools: resources and prompts.
final class McpContext {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KnownServers servers;

    McpContext(KnownServers servers) {
        this.servers = servers;
    }

    ListResourcesResponse resources(Call call, ListResourcesRequest request)
            throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ListResourcesResponse.Builder answer = ListResourcesResponse.newBuilder();
        for (ContextItem.Kind kind :
                new ContextItem.Kind[] {
                    ContextItem.Kind.RESOURCE, ContextItem.Kind.RESOURCE_TEMPLATE
                }) {
            servers.source(scope, request.getServerId())
                    .context(scope, request.getServerId(), kind)
                    .forEach(item -> answer.addData(resource(item)));
        }
        return answer.build();
    }

    private static McpResource resource(ContextItem item) {
        JsonNode json = parsed(item.json());
        McpResource.Builder wire =
                McpResource.newBuilder()
                        .setName(json.path("name").asText())
                        .setTitle(json.path("title").asText())
                        .setDescription(json.path("description").asText());
        if (item.kind() == ContextItem.Kind.RESOURCE_TEMPLATE) {
            wire.setUriTemplate(item.name());
        } else {
            wire.setUri(item.name());
        }
        Optional.ofNullable(json.path("mimeType").textValue()).ifPresent(wire::setMimeType);
        return wire.build();
    }

    ReadResourceResponse read(Call call, ReadResourceRequest request) throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ObjectNode params = JSON.createObjectNode().put("uri", request.getUri());
        JsonNode result = asked(scope, request.getServerId(), "resources/read", params);
        return ReadResourceResponse.newBuilder()
                .setContentsJson(result.path("contents").toString())
                .build();
    }

    ListPromptsResponse prompts(Call call, ListPromptsRequest request) throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ListPromptsResponse.Builder answer = ListPromptsResponse.newBuilder();
        servers.source(scope, request.getServerId())
                .context(scope, request.getServerId(), ContextItem.Kind.PROMPT)
                .forEach(item -> answer.addData(prompt(item)));
        return answer.build();
    }

    private static McpPrompt prompt(ContextItem item) {
        JsonNode json = parsed(item.json());
        McpPrompt.Builder wire =
                McpPrompt.newBuilder()
                        .setName(item.name())
                        .setTitle(json.path("title").asText())
                        .setDescription(json.path("description").asText());
        for (JsonNode argument : json.path("arguments")) {
            wire.addArguments(
                    McpPromptArgument.newBuilder()
                            .setName(argument.path("name").asText())
                            .setDescription(argument.path("description").asText())
                            .setRequired(argument.path("required").asBoolean()));
        }
        return wire.build();
    }

    GetPromptResponse prompt(Call call, GetPromptRequest request) throws InterruptedException {
        ToolScope scope = McpService.scope(call, request.hasProjectId(), request.getProjectId());
        ObjectNode params = JSON.createObjectNode().put("name", request.getPrompt());
        request.getArgumentsMap().forEach(params.putObject("arguments")::put);
        JsonNode result = asked(scope, request.getServerId(), "prompts/get", params);
        return GetPromptResponse.newBuilder()
                .setDescription(result.path("description").asText())
                .setMessagesJson(result.path("messages").toString())
                .build();
    }

    private JsonNode asked(ToolScope scope, String serverId, String method, ObjectNode params)
            throws InterruptedException {
        return parsed(
                servers.source(scope, serverId)
                        .read(scope, serverId, method, params.toString(), ToolWatcher.NONE));
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException broken) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR, "The MCP server's answer is no JSON.", broken);
        }
    }
}
