package dev.tandem.service;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.v1.AudioPart;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ContentPart;
import dev.tandem.v1.FilePart;
import dev.tandem.v1.ImagePart;
import dev.tandem.v1.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Messages, from wire to domain and back.
final class ChatMessages {
    private static final String BASE64 = ";base64,";

    private ChatMessages() {}

    static List<Message> domain(List<ChatMessage> messages) {
        List<Message> domain = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            domain.add(domain("messages[" + i + "]", messages.get(i)));
        }
        return domain;
    }

    private static Message domain(String at, ChatMessage message) {
        Role role = role(at, message.getRole());
        Optional<String> name = Fields.text(message.hasName(), message.getName());
        List<Content> content = new ArrayList<>(said(at, message));
        if (role == Role.TOOL) {
            String call = message.getToolCallId();
            if (call.isEmpty()) {
                throw Failure.invalid(
                        at + ".tool_call_id",
                        at + ".tool_call_id is missing; name the call that this message answers.");
            }
            content = List.of(new Content.ToolResult(call, content, false));
        } else if (role == Role.ASSISTANT) {
            for (int i = 0; i < message.getToolCallsCount(); i++) {
                content.add(toolUse(at + ".tool_calls[" + i + "]", message.getToolCalls(i)));
            }
        }
        return new Message(role, content, name, Optional.empty());
    }

    private static Role role(String at, String word) {
        return switch (word) {
            case "system" -> Role.SYSTEM;
            case "developer" -> Role.DEVELOPER;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> throw Fields.unchecked(at + ".role", word);
        };
    }

    private static List<Content> said(String at, ChatMessage message) {
        if (message.getPartsCount() == 0) {
            return message.getContent().isEmpty()
                    ? List.of()
                    : List.of(new Content.Text(message.getContent()));
        }
        List<Content> content = new ArrayList<>(message.getPartsCount());
        for (int i = 0; i < message.getPartsCount(); i++) {
            content.add(content(at + ".content[" + i + "]", message.getParts(i)));
        }
        return content;
    }

    private static Content content(String at, ContentPart part) {
        return switch (part.getPartCase()) {
            case TEXT -> new Content.Text(part.getText());
            case IMAGE ->
                    new Content.Image(
                            source(at + ".image_url.url", part.getImage().getUrl(), "image/"),
                            Fields.text(part.getImage().hasDetail(), part.getImage().getDetail()));
            case FILE ->
                    new Content.Document(
                            source(at + ".file.file_data", part.getFile().getUrl(), ""),
                            Fields.text(
                                    part.getFile().hasFilename(), part.getFile().getFilename()));
            case AUDIO -> new Content.Audio(part.getAudio().getData(), part.getAudio().getFormat());
            case PART_NOT_SET -> throw Failure.invalid(at, at + " says nothing.");
        };
    }

    private static Source source(String at, String url, String mediaPrefix) {
        if (url.startsWith("https://")) {
            return new Source.Remote(url);
        }
        int data = url.indexOf(BASE64);
        if (!url.startsWith("data:") || data < 0) {
            throw Failure.invalid(
                    at,
                    at + " must be an https URL or data:TYPE;base64,… with the content itself.");
        }
        String mediaType = url.substring("data:".length(), data);
        if (!mediaType.startsWith(mediaPrefix)) {
            throw Failure.invalid(
                    at, at + " must hold " + mediaPrefix + "…, holds '" + mediaType + "'.");
        }
        return new Source.Inline(mediaType, url.substring(data + BASE64.length()));
    }

    private static Content.ToolUse toolUse(String at, ToolCall call) {
        if (call.getId().isEmpty() || call.getName().isEmpty()) {
            throw Failure.invalid(at, at + " needs an id and a name.");
        }
        String arguments = call.getArgumentsJson();
        return new Content.ToolUse(
                call.getId(), call.getName(), arguments.isBlank() ? "{}" : arguments);
    }

    static ChatMessage wire(Message message) {
        ChatMessage.Builder wire =
                ChatMessage.newBuilder()
                        .setRole(message.role().word())
                        .setContent(text(message))
                        .addAllParts(parts(message));
        message.name().ifPresent(wire::setName);
        message.toolUses().forEach(use -> wire.addToolCalls(toolCall(use)));
        result(message).map(Content.ToolResult::toolUseId).ifPresent(wire::setToolCallId);
        message.refusal().ifPresent(wire::setRefusal);
        if (!message.reasoning().isEmpty()) {
            wire.setReasoningContent(message.reasoning());
        }
        return wire.build();
    }

    /// The text of a message; of a tool's answer, the text of the answer.
    static String text(Message message) {
        return result(message)
                .map(answer -> new Message(Role.TOOL, answer.content()).text())
                .orElseGet(message::text);
    }

    private static Optional<Content.ToolResult> result(Message message) {
        return message.content().stream()
                .filter(Content.ToolResult.class::isInstance)
                .map(Content.ToolResult.class::cast)
                .findFirst();
    }

    /// The pieces of a message that is more than text; none where its text says it all.
    static List<ContentPart> parts(Message message) {
        List<Content> content =
                result(message).map(Content.ToolResult::content).orElseGet(message::content);
        boolean plain =
                content.stream()
                        .noneMatch(
                                piece ->
                                        piece instanceof Content.Image
                                                || piece instanceof Content.Document
                                                || piece instanceof Content.Audio);
        return plain ? List.of() : content.stream().flatMap(p -> part(p).stream()).toList();
    }

    private static Optional<ContentPart> part(Content content) {
        ContentPart.Builder part = ContentPart.newBuilder();
        switch (content) {
            case Content.Text(String text) -> part.setText(text);
            case Content.Image(Source source, Optional<String> detail) -> {
                ImagePart.Builder image = ImagePart.newBuilder().setUrl(url(source));
                detail.ifPresent(image::setDetail);
                part.setImage(image);
            }
            case Content.Document(Source source, Optional<String> filename) -> {
                FilePart.Builder file = FilePart.newBuilder().setUrl(url(source));
                filename.ifPresent(file::setFilename);
                part.setFile(file);
            }
            case Content.Audio(String base64, String format) ->
                    part.setAudio(AudioPart.newBuilder().setData(base64).setFormat(format));
            case Content.Reasoning _,
                    Content.Refusal _,
                    Content.ToolUse _,
                    Content.ToolResult _ -> {
                return Optional.empty();
            }
        }
        return Optional.of(part.build());
    }

    private static String url(Source source) {
        return switch (source) {
            case Source.Remote(String url) -> url;
            case Source.Inline(String mediaType, String base64) ->
                    "data:" + mediaType + BASE64 + base64;
        };
    }

    static ToolCall toolCall(Content.ToolUse use) {
        return ToolCall.newBuilder()
                .setId(use.id())
                .setName(use.name())
                .setArgumentsJson(use.argumentsJson())
                .build();
    }
}
