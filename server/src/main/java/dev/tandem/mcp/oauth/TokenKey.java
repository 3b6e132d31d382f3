package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals what is kept, with AES-256-GCM under a fresh nonce each time, so that it opens only with
/// the same key and for the owner and server that it was sealed for. Safe for use by many threads.
public final class TokenKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte FORMAT = 1;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    private TokenKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /// The key that a setting holds.
    ///
    /// @param base64 `mcp.token-key`: 32 random bytes in base64
    /// @throws IllegalArgumentException where it is anything else
    public static TokenKey of(Secret base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.reveal().strip());
            if (bytes.length == KEY_BYTES) {
                return new TokenKey(bytes);
            }
        } catch (IllegalArgumentException noBase64) {
            // told below, without the text
        }
        throw new IllegalArgumentException(
                "mcp.token-key must be 32 random bytes in base64; `openssl rand -base64 32` makes"
                        + " one");
    }

    /// The key in a file, which is made, for its owner only, where it is missing.
    ///
    /// @throws Failure CONFLICT where the file cannot be read or made
    public static TokenKey inFile(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return of(new Secret(Files.readString(file).strip()));
        } catch (IOException | IllegalArgumentException unusable) {
            throw new Failure(
                    FailureCode.CONFLICT,
                    "The key file "
                            + file.toAbsolutePath()
                            + " must hold 32 random bytes in base64 and be ours to read; mend it,"
                            + " or delete it to sign in to all servers again.");
        }
    }

    private static void make(Path file) throws IOException {
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        Path folder = file.toAbsolutePath().resolveSibling("");
        Files.createDirectories(folder, allowing(folder, "rwx------"));
        Path draft = Files.createTempFile(folder, "token", ".new", allowing(folder, "rw-------"));
        try {
            Files.writeString(draft, Base64.getEncoder().encodeToString(fresh) + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException another) {
            // made by somebody else at the same moment: theirs counts
        } finally {
            Files.delete(draft);
        }
    }

    private static FileAttribute<?>[] allowing(Path folder, String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /// Seals what is secret.
    ///
    /// @param context what it belongs to; it opens for nothing else
    public Sealed seal(byte[] plain, byte[] context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] body = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain);
            byte[] all = new byte[1 + NONCE_BYTES + body.length];
            all[0] = FORMAT;
            System.arraycopy(nonce, 0, all, 1, NONCE_BYTES);
            System.arraycopy(body, 0, all, 1 + NONCE_BYTES, body.length);
            return new Sealed(Base64.getEncoder().encodeToString(all));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES-GCM", impossible);
        }
    }

    /// What was sealed; empty where it was with another key, for another context, or was changed.
    public Optional<byte[]> open(Sealed sealed, byte[] context) {
        try {
            byte[] all = Base64.getDecoder().decode(sealed.text());
            if (all.length <= 1 + NONCE_BYTES || all[0] != FORMAT) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOfRange(all, 1, 1 + NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
            return Optional.of(cipher.doFinal(all, 1 + NONCE_BYTES, all.length - 1 - NONCE_BYTES));
        } catch (AEADBadTagException | IllegalArgumentException notOurs) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES-GCM", impossible);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    @Override
    public String toString() {
        return "***";
    }
}
