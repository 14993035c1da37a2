package io.backstay.node.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Issues the certificates by which agents and controller know each other: one authority a fleet,
/// P-256 keys.
///
/// The authority's key lives in memory only: a fleet that outlives its controller gets new
/// certificates at its next start.
public final class CertificateAuthority {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final Duration validFor;

    private CertificateAuthority(KeyPair keys, X509Certificate certificate, Duration validFor) {
        this.keys = keys;
        this.certificate = certificate;
        this.validFor = validFor;
    }

    public static CertificateAuthority create(String name, Instant now, Duration validFor) {
        KeyPair keys = newKeys();
        X500Name subject = commonName(name);
        try {
            X509v3CertificateBuilder builder = builder(subject, subject, keys, now, validFor);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            return new CertificateAuthority(keys, sign(builder, keys.getPrivate()), validFor);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// A server's certificate for the given addresses.
    public Credentials issueServer(String name, List<InetAddress> addresses, Instant now) {
        return issue(name, KeyPurposeId.id_kp_serverAuth, addresses, now);
    }

    /// A client's certificate; its common name is the identity the other side sees.
    public Credentials issueClient(String name, Instant now) {
        return issue(name, KeyPurposeId.id_kp_clientAuth, List.of(), now);
    }

    private Credentials issue(
            String name, KeyPurposeId purpose, List<InetAddress> addresses, Instant now) {
        KeyPair subjectKeys = newKeys();
        X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        try {
            X509v3CertificateBuilder builder =
                    builder(issuer, commonName(name), subjectKeys, now, validFor);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            if (!addresses.isEmpty()) {
                GeneralName[] names =
                        addresses.stream()
                                .map(
                                        address ->
                                                new GeneralName(
                                                        GeneralName.iPAddress,
                                                        address.getHostAddress()))
                                .toArray(GeneralName[]::new);
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new Credentials(
                    name, subjectKeys.getPrivate(), sign(builder, keys.getPrivate()), certificate);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant now, Duration validFor) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, new SecureRandom()),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(validFor)),
                subject,
                keys.getPublic());
    }

    /// Built from the value, never parsed from text: a name with a comma in it stays one name.
    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
