package dev.tandem.edge.rest;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.rpc.Wire;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request over HTTP and its answer: what the edges that speak JSON share.
public final class HttpCall {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);
    private static final HeaderName RETRY_AFTER_MS = HeaderNames.create("retry-after-ms");
    private static final HeaderName SHOULD_RETRY = HeaderNames.create("x-should-retry");
    private static final Header CHALLENGE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"tandem\"");

    private final ServerRequest request;
    private final ServerResponse response;
    private final RestSettings settings;
    private final Call call;
    private boolean hasEvents;

    /// Answers one request.
    public interface Work {
        void run(HttpCall http);
    }

    private HttpCall(
            ServerRequest request, ServerResponse response, RestSettings settings, Call call) {
        this.request = request;
        this.response = response;
        this.settings = settings;
        this.call = call;
    }

    /// Serves a request: whatever the work throws becomes an answer, unless the client has left.
    public static void serve(
            ServerRequest request,
            ServerResponse response,
            Wire wire,
            Ids ids,
            RestSettings settings,
            Work work) {
        Call call =
                new Call(
                        CallHeaders.requestId(request.headers(), ids),
                        wire,
                        CallHeaders.origin(request.headers(), request.remotePeer().host()));
        HttpCall http = new HttpCall(request, response, settings, call);
        try {
            work.run(http);
        } catch (Failure failure) {
            http.fail(failure);
        } catch (RuntimeException problem) {
            http.unexpected(problem);
        }
    }

    public Call call() {
        return call;
    }

    /// Such as `GET`.
    public String method() {
        return request.prologue().method().text();
    }

    /// The path as it was sent, not decoded.
    public String rawPath() {
        return request.prologue().uriPath().rawPath();
    }

    QueryString query() {
        return request.prologue().hasQuery()
                ? QueryString.parse(request.prologue().query().rawValue())
                : QueryString.parse("");
    }

    /// A parameter of the query, decoded; the first of that name.
    public Optional<String> parameter(String name) {
        return query().parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryString.Parameter::value)
                .findFirst();
    }

    /// A header of the request.
    public Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    /// The whole body, which must be JSON; empty where none was sent.
    ///
    /// @throws Failure UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE
    public byte[] body() {
        return RequestBody.read(request, response, settings);
    }

    /// Answers with JSON.
    public void answer(byte[] json) {
        answer(200, HeaderValues.CONTENT_TYPE_JSON, json);
    }

    /// An event stream as the answer, from its first flush on.
    public EventStream events() {
        return new EventStream(
                response,
                () -> {
                    hasEvents = true;
                    sendHeaders();
                });
    }

    /// Answers with a failure.
    public void fail(Failure failure) {
        if (ClientGone.isMeantBy(failure)) {
            throw ClientGone.close(failure);
        }
        failureHeaders(failure);
        JsonOut out = new JsonOut();
        ErrorJson.write(failure, call.requestId(), out);
        answer(
                FailureStatus.of(failure.code()).http(),
                HeaderValues.CONTENT_TYPE_JSON,
                out.toBytes());
    }

    private void unexpected(RuntimeException problem) {
        if (ClientGone.isSaidBy(problem)) {
            throw ClientGone.close(problem);
        }
        LOG.error("request {} failed unexpectedly", call.requestId(), problem);
        if (response.isSent() || hasEvents) {
            throw ClientGone.close(problem);
        }
        fail(
                new Failure(
                        FailureCode.INTERNAL,
                        "Something went wrong in the server; its log has the request id.",
                        problem));
    }

    /// Answers with a status and a body of any type.
    public void answer(int status, Header contentType, byte[] body) {
        sendHeaders();
        RequestBody.leaveUnread(request, response, settings);
        response.status(status);
        response.header(contentType);
        try {
            if (method().equals("HEAD")) {
                response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
                response.send();
            } else {
                response.send(body);
            }
        } catch (RuntimeException problem) {
            throw ClientGone.isSaidBy(problem) ? ClientGone.close(problem) : problem;
        }
    }

    /// Whether the client has what this mark stands for, and marks the answer with it.
    boolean has(String etag) {
        response.header(HeaderNames.ETAG, etag);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        return header("If-None-Match")
                .map(marks -> marks.equals("*") || marks.contains(etag))
                .orElse(false);
    }

    /// Answers that the client has it already.
    void unchanged() {
        sendHeaders();
        response.status(Status.NOT_MODIFIED_304);
        response.send();
    }

    private void sendHeaders() {
        response.header(CallHeaders.REQUEST_ID, call.requestId());
        call.answerHeaders()
                .forEach((name, value) -> response.header(HeaderNames.create(name), value));
    }

    private void failureHeaders(Failure failure) {
        failure.retryAfter().ifPresent(this::retryAfter);
        failure.retryable()
                .ifPresent(worthIt -> response.header(SHOULD_RETRY, Boolean.toString(worthIt)));
        if (failure.code() == FailureCode.UNAUTHORIZED) {
            response.header(CHALLENGE);
        }
    }

    private void retryAfter(Duration wait) {
        long millis = Math.max(0, wait.toMillis());
        response.header(HeaderNames.RETRY_AFTER, Long.toString((millis + 999) / 1000));
        response.header(RETRY_AFTER_MS, Long.toString(millis));
    }
}
