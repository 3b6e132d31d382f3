package dev.tandem.provider.scripted;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ExtraParameters;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.PreparedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// A request with the steps that answer it.
final class ScriptedRequest implements PreparedCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelRequest request;
    private final List<Step> steps;
    private final Duration pace;
    private final Pause pause;
    private final ScriptedObserver observer;
    private final List<String> ignored;

    ScriptedRequest(
            ModelRequest request,
            List<Step> steps,
            Duration pace,
            Pause pause,
            ScriptedObserver observer) {
        this.request = request;
        this.steps = steps;
        this.pace = pace;
        this.pause = pause;
        this.observer = observer;
        this.ignored = ignored(request.options());
    }

    @Override
    public List<String> ignoredParameters() {
        return ignored;
    }

    @Override
    public String bodyJson() {
        ObjectNode body = JSON.createObjectNode().put("model", request.model());
        request.system().ifPresent(system -> body.put("system", system));
        request.messages()
                .forEach(
                        message ->
                                body.withArray("messages")
                                        .addObject()
                                        .put("role", message.role().word())
                                        .put("text", textOf(message)));
        request.tools().forEach(tool -> body.withArray("tools").add(tool.name()));
        request.maxTokens().ifPresent(max -> body.put("max_tokens", max));
        request.options().stop().forEach(stop -> body.withArray("stop").add(stop));
        return body.toString();
    }

    @Override
    public ModelStream open() throws InterruptedException {
        observer.asked(request);
        try {
            beforeHeaders();
        } catch (InterruptedException | RuntimeException over) {
            observer.closed();
            throw over;
        }
        observer.opened();
        return new ScriptedEvents(request, steps, pace, pause, observer);
    }

    private void beforeHeaders() throws InterruptedException {
        for (Step step : steps) {
            if (step instanceof Step.Fail fail && fail.beforeHeaders()) {
                throw failure(fail);
            }
            if (step instanceof Step.Hang(boolean beforeHeaders) && beforeHeaders) {
                new CountDownLatch(1).await();
            }
        }
    }

    static Failure failure(Step.Fail fail) {
        Failure failure = new Failure(fail.code(), "the script fails with " + fail.code().word());
        return fail.retryAfter().map(failure::retryAfter).orElse(failure);
    }

    /// All text that a message has, that of tool results included.
    static String textOf(Message message) {
        return text(message.content());
    }

    private static String text(List<Content> content) {
        return content.stream()
                .map(
                        piece ->
                                switch (piece) {
                                    case Content.Text(String text) -> text;
                                    case Content.ToolResult result -> text(result.content());
                                    case Content.Image _,
                                            Content.Document _,
                                            Content.Audio _,
                                            Content.Reasoning _,
                                            Content.ToolUse _,
                                            Content.Refusal _ ->
                                            "";
                                })
                .collect(Collectors.joining());
    }

    private static List<String> ignored(ModelRequest.Options options) {
        List<String> names =
                new ArrayList<>(ExtraParameters.leftOut(options.extraJson(), Set.of()));
        options.temperature().ifPresent(_ -> names.add("temperature"));
        options.topP().ifPresent(_ -> names.add("top_p"));
        options.reasoningEffort().ifPresent(_ -> names.add("reasoning_effort"));
        if (!(options.format() instanceof AnswerFormat.Text)) {
            names.add("response_format");
        }
        return names.stream().sorted().toList();
    }
}
