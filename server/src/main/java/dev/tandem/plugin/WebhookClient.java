package dev.tandem.plugin;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.plugin.BoundedBody.Body;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Posts to webhooks, over HTTP/1.1: there a call that is given up closes its connection. It
/// follows no redirect, which would carry the headers elsewhere. It repeats nothing, for the tool
/// may have run; but where nobody took the connection, it tries once more.
final class WebhookClient implements AutoCloseable {
    /// How long a service that is being replaced gets to come back.
    private static final Duration RETRY_WAIT = Duration.ofMillis(250);

    private final int answerBytesMax;
    private final Pause pause;
    private final HttpClient http;

    /// @param pause before the second try
    WebhookClient(Duration connectMax, int answerBytesMax, Pause pause) {
        this.answerBytesMax = answerBytesMax;
        this.pause = pause;
        this.http =
                HttpClient.newBuilder()
                        .version(Version.HTTP_1_1)
                        .followRedirects(Redirect.NEVER)
                        .connectTimeout(connectMax)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /// Posts and waits for the whole answer; an interrupt ends the connection at once.
    ///
    /// @param name the webhook's, for failures
    /// @param totalMax for both tries together
    /// @throws Failure UPSTREAM_UNAVAILABLE where it cannot be reached, UPSTREAM_TIMEOUT where it
    ///     takes longer, UPSTREAM_ERROR where it breaks off
    HttpResponse<Body> post(String name, HttpRequest request, Duration totalMax)
            throws InterruptedException {
        long endNanos = System.nanoTime() + totalMax.toNanos();
        try {
            return attempt(request, endNanos);
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof ConnectException)) {
                throw explained(name, failed);
            }
        } catch (TimeoutException late) {
            throw late(name, totalMax);
        }
        pause.take(RETRY_WAIT);
        try {
            return attempt(request, endNanos);
        } catch (ExecutionException failed) {
            throw explained(name, failed);
        } catch (TimeoutException late) {
            throw late(name, totalMax);
        }
    }

    private HttpResponse<Body> attempt(HttpRequest request, long endNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpResponse<Body>> answer =
                http.sendAsync(request, _ -> new BoundedBody(answerBytesMax));
        try {
            return answer.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } finally {
            boolean _ = answer.cancel(true);
        }
    }

    private static Failure explained(String name, ExecutionException failed) {
        Throwable cause = failed.getCause();
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                ? new Failure(
                        FailureCode.UPSTREAM_UNAVAILABLE,
                        "The webhook " + name + " cannot be reached.",
                        failed)
                : new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        "The webhook " + name + " broke off; its tool may have run.",
                        failed);
    }

    private static Failure late(String name, Duration totalMax) {
        return new Failure(
                FailureCode.UPSTREAM_TIMEOUT,
                "The webhook %s did not answer within %s s; its tool may have run."
                        .formatted(name, totalMax.toMillis() / 1000.0));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
