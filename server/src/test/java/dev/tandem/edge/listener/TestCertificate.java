package dev.tandem.edge.listener;

import dev.tandem.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` and `127.0.0.1` with an authority of its own, made anew for each
/// test class, and clients that trust it.
public final class TestCertificate {

    private static final String PASSWORD = "changeit";

    private final Path chain;
    private final Path key;
    private final Path authority;
    private final KeyStore store;

    private TestCertificate(Path folder, KeyStore store) {
        this.chain = folder.resolve("chain.pem");
        this.key = folder.resolve("key.pem");
        this.authority = folder.resolve("authority.pem");
        this.store = store;
    }

    /// Makes a certificate and its authority.
    ///
    /// @param name the subject's common name, by which tests tell certificates apart
    public static TestCertificate create(Path parent, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createDirectory(parent.resolve(name));
        keytool(folder, "ca", "ca of " + name, "-ext", "bc:c=ca:true");
        keytool(folder, "server", name, "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        TestCertificate certificate = new TestCertificate(folder, store);
        certificate.write();
        return certificate;
    }

    private static void keytool(Path folder, String alias, String name, String... more)
            throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String[] command = {
            program,
            "-genkeypair",
            "-alias",
            alias,
            "-dname",
            "CN=" + name,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "2",
            "-keystore",
            "store.p12",
            "-storepass",
            PASSWORD,
            "-J-XX:TieredStopAtLevel=1"
        };
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        Tool.run(folder, all);
    }

    private void write() throws IOException, GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (Certificate one : store.getCertificateChain("server")) {
            pem.append(block("CERTIFICATE", one.getEncoded()));
        }
        Files.writeString(chain, pem);
        Files.writeString(authority, block("CERTIFICATE", store.getCertificate("ca").getEncoded()));
        Files.writeString(
                key,
                block("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    }

    static String block(String label, byte[] bytes) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(bytes));
    }

    /// The file with the certificate and its authority's.
    public Path chain() {
        return chain;
    }

    /// The file with the private key.
    public Path key() {
        return key;
    }

    /// The file with the authority's certificate, for clients.
    public Path authority() {
        return authority;
    }

    TlsSettings settings() {
        return new TlsSettings(chain, key, Duration.ofMillis(20));
    }

    /// Trusts this certificate's authority and no other.
    public SSLContext client() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", store.getCertificate("ca"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// A connection that has done its handshake.
    SSLSocket connect(int port, String... protocols) throws IOException, GeneralSecurityException {
        SSLSocket socket =
                (SSLSocket)
                        client().getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }
}
