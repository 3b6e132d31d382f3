package dev.tandem.edge.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate in use. A thread looks at its files again and again; once they have new content,
/// new connections get the new certificate, and those that are open keep theirs. Content that
/// cannot be used changes nothing but the log.
final class TlsFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final TlsSettings settings;
    private final Thread watch;
    private volatile SSLContext context;
    private byte[] seen;

    /// @throws IllegalArgumentException if the files cannot be used
    TlsFiles(TlsSettings settings) {
        this.settings = settings;
        this.seen = digest();
        TlsIdentity identity = TlsIdentity.read(settings);
        this.context = identity.context();
        tell(identity);
        this.watch = Thread.ofVirtual().name("tls-files").start(this::watch);
    }

    /// The server's end of a new connection.
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static void tell(TlsIdentity identity) {
        LOG.info("certificate of {}, valid until {}", identity.subject(), identity.validUntil());
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(settings.reloadInterval());
                look();
            }
        } catch (InterruptedException closed) {
            // nobody needs a certificate any more
        }
    }

    private void look() {
        byte[] now = digest();
        if (Arrays.equals(now, seen)) {
            return;
        }
        seen = now;
        try {
            TlsIdentity identity = TlsIdentity.read(settings);
            context = identity.context();
            tell(identity);
        } catch (IllegalArgumentException e) {
            LOG.warn("the new certificate cannot be used, the old one stays: {}", e.getMessage());
        }
    }

    /// Of both files; of nothing where one cannot be read.
    private byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(settings.certificate()));
            return digest.digest(Files.readAllBytes(settings.privateKey()));
        } catch (IOException e) {
            return new byte[0];
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
