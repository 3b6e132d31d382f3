package dev.tandem.plugin;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Reads the body of an answer, up to a limit; then it ends the connection.
final class BoundedBody implements BodySubscriber<BoundedBody.Body> {
    private final int bytesMax;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Body> body = new CompletableFuture<>();
    private @Nullable Subscription source;

    /// What was read, as UTF-8.
    ///
    /// @param cut whether there was more
    record Body(String text, boolean cut) {}

    BoundedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<Body> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            byte[] some = new byte[Math.min(piece.remaining(), bytesMax - bytes.size())];
            piece.get(some);
            bytes.writeBytes(some);
            if (piece.hasRemaining() && source != null) {
                source.cancel();
                boolean _ = body.complete(read(true));
                return;
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        boolean _ = body.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        boolean _ = body.complete(read(false));
    }

    private Body read(boolean cut) {
        return new Body(bytes.toString(StandardCharsets.UTF_8), cut);
    }
}
