package dev.tandem.edge.listener;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Who the server says it is: a certificate, those that vouch for it, and its private key.
///
/// @param chain the server's own certificate first
record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

    private static final char[] PASSWORD = "in memory".toCharArray();

    /// @throws IllegalArgumentException if a file cannot be used, saying which and what to do
    static TlsIdentity read(TlsSettings settings) {
        PemFile certificates = PemFile.read("server.tls.certificate", settings.certificate());
        PemFile keys = PemFile.read("server.tls.private-key", settings.privateKey());
        List<X509Certificate> chain = chain(certificates);
        PrivateKey key = key(keys, chain.getFirst());
        if (!belong(key, chain.getFirst())) {
            throw keys.wrong("is not the key of the certificate in " + settings.certificate());
        }
        return new TlsIdentity(chain, key);
    }

    private static List<X509Certificate> chain(PemFile file) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] block : file.blocks("CERTIFICATE")) {
                chain.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (GeneralSecurityException e) {
            throw file.wrong("holds a damaged certificate: " + e.getMessage());
        }
        if (chain.isEmpty()) {
            throw file.wrong("holds no certificate in PEM format (BEGIN CERTIFICATE)");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(PemFile file, X509Certificate certificate) {
        List<byte[]> keys = file.blocks("PRIVATE KEY");
        if (keys.size() != 1) {
            throw file.wrong(complaint(file));
        }
        String algorithm = certificate.getPublicKey().getAlgorithm();
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
        } catch (GeneralSecurityException e) {
            throw file.wrong("is no " + algorithm + " key, as its certificate wants");
        }
    }

    private static String complaint(PemFile file) {
        String remedy = "; convert it: openssl pkcs8 -topk8 -nodes -in KEY -out NEW-KEY";
        if (file.labels().contains("ENCRYPTED PRIVATE KEY")) {
            return "is encrypted, and nobody could enter its password" + remedy;
        }
        return file.labels().stream()
                .filter(label -> label.endsWith(" PRIVATE KEY"))
                .findFirst()
                .map(label -> "is in the older format " + label + remedy)
                .orElse("must hold one private key in PEM format (BEGIN PRIVATE KEY)");
    }

    private static boolean belong(PrivateKey key, X509Certificate certificate) {
        byte[] text = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(signature(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String signature(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }

    /// What connections are secured with.
    ///
    /// @throws IllegalArgumentException if the certificates do not follow from one another
    SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD);
            store.setKeyEntry("server", key, PASSWORD, chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "server.tls.certificate cannot be used: "
                            + e.getMessage()
                            + "; the server's certificate stands first, each next one vouches for"
                            + " the one before it",
                    e);
        }
    }

    String subject() {
        return chain.getFirst().getSubjectX500Principal().getName();
    }

    Instant validUntil() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "TlsIdentity[" + subject() + "]";
    }
}
