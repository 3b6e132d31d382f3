package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import com.sun.net.httpserver.HttpExchange;
import dev.tandem.failure.Failure;
import dev.tandem.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Calls a webhook in every way that goes well or wrong, and looks for its secrets in all that is
/// said: answers, exceptions with their causes, texts of settings, the log at its most talkative.
final class WebhookSecretsTest {
    private static final String BASE64 = Base64.getEncoder().encodeToString(Weather.KEY);

    private final StringBuilder said = new StringBuilder();

    @Test
    void noSinkHoldsASecretThatWasUsed() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        OutputStreamAppender<ILoggingEvent> appender = appender(log);
        List<Appender<ILoggingEvent>> others = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.setLevel(Level.TRACE);
        root.addAppender(appender);
        try {
            useAll();
        } finally {
            root.detachAppender(appender);
            root.setLevel(before);
            others.forEach(root::addAppender);
        }
        said.append(log.toString(StandardCharsets.UTF_8));

        assertTrue(said.indexOf("status 401") >= 0, "nothing was said");
        assertTrue(said.indexOf("offers 1 tools as webhooks") >= 0, "nothing was logged");
        for (String secret :
                List.of(
                        Weather.SECRET,
                        BASE64,
                        new String(Weather.KEY, StandardCharsets.UTF_8),
                        HexFormat.of().formatHex(Weather.KEY),
                        Weather.PASSWORD)) {
            assertFalse(said.indexOf(secret) >= 0, () -> secret + " was told");
        }
    }

    private void useAll() throws Exception {
        try (Weather weather = new Weather();
                Receiver receiver = new Receiver()) {
            WebhookSettings hook = Weather.hook(receiver.uri());
            said.append(hook).append(Weather.settings(hook)).append(hook.headers());
            PluginSource source = weather.source(hook);
            note(source, Weather.ARGUMENTS);
            note(source, "{\"city\":1}");
            note(source, "none");
            receiver.reply(
                    401, "text/plain", "not " + Weather.PASSWORD + " and not " + Weather.SECRET);
            note(source, Weather.ARGUMENTS);
            receiver.reply(HttpExchange::close);
            note(source, Weather.ARGUMENTS);
            note(weather.source(Weather.hook(receiver.uri(), hook.secret(), Duration.ofMillis(1))));
            note(weather.source(Weather.hook(URI.create("http://127.0.0.1:1/"))));
        }
        refused(() -> new WebhookSigner(new Secret("whsec" + BASE64)));
        refused(
                () ->
                        Weather.hook(
                                URI.create("http://me:" + Weather.PASSWORD + "@h/"),
                                Optional.empty(),
                                Duration.ofSeconds(1)));
        refused(() -> new WebhookHeader("x", new Secret(Weather.PASSWORD + "é")));
    }

    private void note(PluginSource source) throws InterruptedException {
        note(source, Weather.ARGUMENTS);
    }

    private void note(PluginSource source, String arguments) throws InterruptedException {
        try {
            said.append(Weather.call(source, arguments)).append('\n');
        } catch (Failure failed) {
            tell(failed);
        }
    }

    private void refused(Runnable wrong) {
        try {
            wrong.run();
            said.append("accepted\n");
        } catch (IllegalArgumentException refused) {
            tell(refused);
        }
    }

    private void tell(Exception exception) {
        StringWriter stack = new StringWriter();
        exception.printStackTrace(new PrintWriter(stack, true));
        said.append(stack);
    }

    private static OutputStreamAppender<ILoggingEvent> appender(ByteArrayOutputStream out) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder lines = new PatternLayoutEncoder();
        lines.setContext(context);
        lines.setPattern("%logger %msg %kvp %ex{full}%n");
        lines.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(lines);
        appender.setOutputStream(out);
        appender.start();
        return appender;
    }
}
