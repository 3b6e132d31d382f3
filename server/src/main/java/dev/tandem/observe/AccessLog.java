package dev.tandem.observe;

import java.time.Duration;
import java.util.Locale;
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
        LoggingEventBuilder line = LOG.atLevel(isProbe(call) ? Level.DEBUG : Level.INFO);
        line.addKeyValue("wire", call.wire());
        line.addKeyValue("method", call.method());
        line.addKeyValue("outcome", call.outcome());
        line.addKeyValue("ms", millis(call.took()));
        call.toFirst().ifPresent(first -> line.addKeyValue("first_ms", millis(first)));
        line.addKeyValue("answers", call.answers());
        call.tenant().ifPresent(tenant -> line.addKeyValue("tenant", tenant));
        call.keyName().ifPresent(name -> line.addKeyValue("key", name));
        line.addKeyValue("peer", call.peer());
        line.log("call");
    }

    private static boolean isProbe(CallEnd call) {
        return call.method().toLowerCase(Locale.ROOT).startsWith("health");
    }

    /// Milliseconds with one digit for their tenths.
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 100_000.0) / 10.0;
    }
}
