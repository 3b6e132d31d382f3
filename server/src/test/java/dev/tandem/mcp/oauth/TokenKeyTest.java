package dev.tandem.mcp.oauth;

import static dev.tandem.mcp.oauth.SignInFixture.ANNA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.failure.Failure;
import dev.tandem.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class TokenKeyTest {
    private static final byte[] PLAIN = {1, 2, 3};
    private static final byte[] CONTEXT = {4};

    @TempDir private Path folder;

    @Test
    void opensWhatItHasSealed() {
        TokenKey key = TokenKey.inFile(folder.resolve("secrets/token.key"));

        Sealed one = key.seal(PLAIN, CONTEXT);
        Sealed other = key.seal(PLAIN, CONTEXT);

        assertArrayEquals(PLAIN, key.open(one, CONTEXT).orElseThrow());
        assertNotEquals(one, other);
    }

    @Test
    void opensNothingElse() {
        TokenKey key = TokenKey.inFile(folder.resolve("token.key"));
        Sealed sealed = key.seal(PLAIN, CONTEXT);
        byte[] bytes = Base64.getDecoder().decode(sealed.text());
        bytes[bytes.length - 1] ^= 1;
        Sealed changed = new Sealed(Base64.getEncoder().encodeToString(bytes));

        assertEquals(Optional.empty(), key.open(sealed, new byte[] {5}));
        assertEquals(Optional.empty(), key.open(changed, CONTEXT));
        assertEquals(Optional.empty(), key.open(new Sealed("no base64!"), CONTEXT));
        assertEquals(Optional.empty(), key.open(new Sealed(""), CONTEXT));
        TokenKey another = TokenKey.inFile(folder.resolve("another.key"));
        assertEquals(Optional.empty(), another.open(sealed, CONTEXT));
    }

    @Test
    void keepsItsFileToItself() throws Exception {
        Path file = folder.resolve("secrets/token.key");
        TokenKey made = TokenKey.inFile(file);
        TokenKey found = TokenKey.inFile(file);

        assertArrayEquals(PLAIN, found.open(made.seal(PLAIN, CONTEXT), CONTEXT).orElseThrow());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void saysWhichFileIsNoKey() throws Exception {
        Path file = Files.writeString(folder.resolve("token.key"), "hush");

        Failure refused = assertThrows(Failure.class, () -> TokenKey.inFile(file));

        assertTrue(refused.text().contains(file.toString()));
        assertTrue(!refused.text().contains("hush"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush", "aHVzaA==", "!"})
    void saysThatASettingIsNoKey(String text) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> TokenKey.of(new Secret(text)));

        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("mcp.token-key must be 32 random bytes"));
        assertTrue(!String.valueOf(refused.getMessage()).contains("hush"));
    }

    @Test
    void anotherKeyMeansToSignInAgainAndIsTold() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Vault.class);
        log.start();
        logger.addAppender(log);
        try (SignInFixture anna = new SignInFixture();
                Authorizations later =
                        anna.open(
                                SignInFixture.settings(Optional.empty()),
                                TokenKey.inFile(folder.resolve("token.key")))) {
            anna.signIn();

            assertEquals(Optional.empty(), later.of(ANNA, anna.authority.server()).header());
            assertTrue(log.list.getFirst().getFormattedMessage().contains("mcp.token-key"));
            SignedIn _ = HeadlessBrowser.signIn(later, ANNA, anna.authority.server());
            assertEquals(
                    Optional.of("Bearer access-2"),
                    later.of(ANNA, anna.authority.server()).header());
        } finally {
            logger.detachAppender(log);
        }
    }
}
