package io.backstay.node.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What one side of the fleet's TLS holds: its key, its certificate, the one authority it trusts.
public record Credentials(
        String name, PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    private static final char[] NO_PASSWORD = new char[0];

    /// TLS that shows this certificate, trusting nothing but the authority.
    public SSLContext sslContext() {
        try {
            KeyStore own = emptyStore();
            own.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] {certificate, authority});
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("authority", authority);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    @Override
    public String toString() {
        return "Credentials[" + name + "]";
    }
}
