package dev.tandem.observe;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// One line for each call, as the logger `tandem.access`: what was called, how it ended, how long
/// it took and whose key it was; never the key itself. Health probes come every few seconds, so
/// theirs are at DEBUG.
public final class AccessLog implements CallObserver {
    /// The name of its logger.
    public static final String LOGGER = "tandem.access";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    @Override
    public void ended(CallEnd call) {
        LoggingEventBuilder line =
                LOG.atLevel(isProbe(call) ? Level.DEBUG : Level.INFO)
                        .addKeyValue("wire", call.wire())
                        .addKeyValue("method", call.method())
                        .addKeyValue("outcome", call.outcome())
                        .addKeyValue("ms", millis(call.took()));
        line = with(line, "first_ms", call.toFirst().map(AccessLog::millis));
        line = line.addKeyValue("answers", call.answers());
        line = with(line, "tenant", call.tenant());
        line = with(line, "key", call.keyName());
        line.addKeyValue("peer", call.peer()).log("call");
    }

    private static LoggingEventBuilder with(
            LoggingEventBuilder line, String key, Optional<?> value) {
        return value.isPresent() ? line.addKeyValue(key, value.get()) : line;
    }

    private static boolean isProbe(CallEnd call) {
        return call.method().toLowerCase(Locale.ROOT).startsWith("health");
    }

    /// Milliseconds with one digit for their tenths.
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 100_000.0) / 10.0;
    }
}
