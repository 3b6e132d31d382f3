package dev.tandem.provider.anthropic;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.PreparedCall;
import dev.tandem.provider.Provider;
import dev.tandem.provider.http.Endpoint;
import dev.tandem.provider.http.Exchange;
import dev.tandem.provider.http.SseReader;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.provider.http.UpstreamLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// Claude. Every answer is streamed from Anthropic, also one that the caller wants whole, so that a
/// cancel and a silence are noticed alike.
///
/// An answer that Anthropic pauses (`pause_turn`: its own tools have run for long) is continued in
/// the same stream, by sending the conversation again with the answer so far.
public final class AnthropicProvider implements Provider {
    static final String NAME = "anthropic";
    private static final int CONTINUATIONS_MAX = 10;

    /// Results of a search come in one event and have been seen at 120 kB.
    private static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private final AnthropicSettings settings;
    private final UpstreamClient client;
    private final Endpoint endpoint;
    private final AnthropicErrors errors;

    /// @param client outlives the provider; its owner closes it
    public AnthropicProvider(AnthropicSettings settings, UpstreamClient client) {
        this.settings = settings;
        this.client = client;
        this.errors = new AnthropicErrors(settings.apiKey());
        this.endpoint =
                new Endpoint(
                        NAME,
                        settings.messages(),
                        Map.of(
                                "x-api-key",
                                settings.apiKey().reveal(),
                                "anthropic-version",
                                settings.version(),
                                "content-type",
                                "application/json",
                                "accept",
                                "text/event-stream"),
                        new UpstreamLimits(
                                settings.headersMax(), settings.idleMax(), settings.totalMax()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PreparedCall prepare(ModelRequest request) {
        AnthropicRequest translated = new AnthropicRequest(request, settings);
        return new Call(request.model(), translated, translated.body());
    }

    private final class Call implements PreparedCall {
        private final String model;
        private final AnthropicRequest request;
        private final byte[] body;

        Call(String model, AnthropicRequest request, byte[] body) {
            this.model = model;
            this.request = request;
            this.body = body;
        }

        @Override
        public List<String> ignoredParameters() {
            return request.ignoredParameters();
        }

        @Override
        public String bodyJson() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public ModelStream open() {
            return new Stream(request, new AnthropicEvents(model, errors), body);
        }
    }

    private final class Stream implements ModelStream {
        private final AnthropicRequest request;
        private final AnthropicEvents events;
        private final Queue<ModelEvent> ready = new ArrayDeque<>();
        private final Object closing = new Object();
        private final long startedNanos = System.nanoTime();
        private int continuations;
        private boolean answered;
        private volatile boolean finished;
        private boolean closed;
        private Exchange exchange;
        private SseReader reader;

        Stream(AnthropicRequest request, AnthropicEvents events, byte[] body) {
            this.request = request;
            this.events = events;
            this.exchange = client.post(endpoint, body);
            this.reader = new SseReader(exchange, EVENT_BYTES_MAX);
        }

        @Override
        public ModelEvent next() throws InterruptedException {
            while (true) {
                ModelEvent event = ready.poll();
                if (event != null) {
                    return event;
                }
                advance();
            }
        }

        private void advance() throws InterruptedException {
            if (finished) {
                throw new IllegalStateException("the answer is whole; nothing follows");
            }
            if (!answered) {
                if (exchange.status() != 200) {
                    throw errors.ofAnswer(exchange);
                }
                answered = true;
            }
            if (!reader.next()) {
                throw new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        "anthropic ended its answer without an end; what came may be cut off");
            }
            events.accept(reader.buffer(), reader.offset(), reader.length(), this::take);
            if (events.isPaused()) {
                goOn();
            }
        }

        private void take(ModelEvent event) {
            ready.add(event);
            if (event instanceof ModelEvent.Finished) {
                finished = true;
                exchange.finish();
            }
        }

        private void goOn() throws InterruptedException {
            if (++continuations > CONTINUATIONS_MAX) {
                throw new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        "anthropic paused its answer more than " + CONTINUATIONS_MAX + " times");
            }
            byte[] body = request.body(Optional.of(events.contentJson()), events.container());
            events.resume();
            synchronized (closing) {
                if (closed) {
                    throw new InterruptedException("the answer was closed");
                }
                exchange.finish();
                exchange = client.post(endpoint.within(rest()), body);
                reader = new SseReader(exchange, EVENT_BYTES_MAX);
                answered = false;
            }
        }

        /// What is left of the time for the whole answer.
        private Duration rest() {
            Duration rest = settings.totalMax().minusNanos(System.nanoTime() - startedNanos);
            if (!rest.isPositive()) {
                throw new Failure(
                        FailureCode.UPSTREAM_TIMEOUT,
                        "anthropic took longer than " + settings.totalMax().toSeconds() + " s");
            }
            return rest;
        }

        @Override
        public void close() {
            synchronized (closing) {
                closed = true;
                if (!finished) {
                    exchange.close();
                }
            }
        }
    }
}
