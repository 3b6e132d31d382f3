package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.auth.ApiKey;
import dev.tandem.launch.LogSettings.Format;
import dev.tandem.launch.LogSettings.Level;
import dev.tandem.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

final class LoggingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter request = new LogbackMDCAdapter();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aLineForProgramsIsOneJsonObject() throws JsonProcessingException {
        configure(new LogSettings(Level.INFO, Format.AUTO, List.of(), true), false);
        request.put("request", "req-1");

        context.getLogger("dev.tandem.run.Runs")
                .atWarn()
                .addKeyValue("ms", 1.5)
                .addKeyValue("run", "run_1")
                .setCause(new IllegalStateException("broken"))
                .log("a run\nfailed: {}", "badly");

        assertEquals(1, written().lines().count());
        JsonNode line = JSON.readTree(written());
        assertEquals("WARN", line.get("level").asText());
        assertEquals("dev.tandem.run.Runs", line.get("logger").asText());
        assertEquals("a run\nfailed: {}", line.get("message").asText().replace("badly", "{}"));
        assertEquals("req-1", line.get("request").asText());
        assertEquals(1.5, line.get("ms").asDouble());
        assertEquals("run_1", line.get("run").asText());
        assertTrue(line.get("time").asText().endsWith("Z"));
        assertTrue(line.get("error").asText().contains("IllegalStateException: broken"));
    }

    @Test
    void aLineForPeopleIsShortAndCannotBeForged() {
        configure(LogSettings.defaults(), true);
        request.put("request", "req-1");

        context.getLogger("dev.tandem.run.Runs")
                .atInfo()
                .addKeyValue("title", "x\n12:00 ERROR forged")
                .log("hello\u001b[2J\nworld");

        String line = written();
        assertEquals(1, line.lines().count());
        assertTrue(
                line.endsWith(
                        " INFO  [req-1] Runs: hello?[2J\\nworld title=x\\n12:00 ERROR forged\n"),
                line);
    }

    @Test
    void theLevelIsOursAndLibrariesStayQuiet() {
        configure(new LogSettings(Level.DEBUG, Format.TEXT, List.of("io.grpc"), true), false);

        assertTrue(logger("dev.tandem.run.Runs").isDebugEnabled());
        assertFalse(logger("com.example").isDebugEnabled());
        assertTrue(logger("com.example").isInfoEnabled());
        assertFalse(logger("io.helidon.webserver").isInfoEnabled());
        assertTrue(logger("io.grpc.internal").isTraceEnabled());
    }

    @Test
    void theAccessLogCanBeSwitchedOff() {
        configure(new LogSettings(Level.INFO, Format.TEXT, List.of(), false), false);

        assertFalse(logger("tandem.access").isErrorEnabled());
    }

    @Test
    void aSecretThatIsLoggedByAccidentStaysHidden() {
        ApiKey key = new ApiKey("phone", "default", new Secret("0123456789-hidden"));
        for (boolean terminal : new boolean[] {true, false}) {
            configure(LogSettings.defaults(), terminal);

            logger("dev.tandem.x").info("{} {}", key, key.secret());
            logger("dev.tandem.x").atInfo().addKeyValue("key", key.secret()).log("with a value");
            logger("dev.tandem.x").error("failed", new IllegalStateException("for " + key));
        }

        assertTrue(written().contains("***"));
        assertFalse(written().contains("hidden"));
    }

    private Logger logger(String name) {
        return context.getLogger(name);
    }

    private void configure(LogSettings settings, boolean onTerminal) {
        context.setMDCAdapter(request);
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setOutputStream(out);
        Logging.configure(context, appender, settings, onTerminal);
        context.setMDCAdapter(request);
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
