package io.backstay.ledger.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.ledger.seal.Envelope.Verification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private static final String TYPE = "application/vnd.in-toto+json";
    private static final byte[] PAYLOAD = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final SigningKey ANN = SigningKey.generate();
    private static final SigningKey ANN_TOO = SigningKey.generate();
    private static final SigningKey BOB = SigningKey.generate();
    private static final TrustedKeys TRUSTED =
            TrustedKeys.none()
                    .with("ann", ANN.publicKey())
                    .with("ann", ANN_TOO.publicKey())
                    .with("bob", BOB.publicKey());

    @Test
    void whatTwoOwnersSignedVerifiesWithThresholdTwo() {
        Envelope envelope = again(Envelope.sign(TYPE, PAYLOAD, List.of(ANN, BOB)));

        assertThat(envelope.verify(TRUSTED, TYPE, 2))
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        v -> {
                            assertThat(v.payload()).isEqualTo(PAYLOAD);
                            assertThat(v.owners()).isEqualTo(Set.of("ann", "bob"));
                        });
    }

    @Test
    void twoKeysOfOneOwnerCountOnce() {
        Envelope envelope = Envelope.sign(TYPE, PAYLOAD, List.of(ANN, ANN_TOO, ANN));

        assertThat(envelope.verify(TRUSTED, TYPE, 2)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void aKeyNobodyTrustsCountsNothing() {
        Envelope envelope = Envelope.sign(TYPE, PAYLOAD, List.of(SigningKey.generate()));

        assertThat(envelope.verify(TRUSTED, TYPE, 1)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void anotherPayloadTypeIsAnotherStatement() {
        Envelope envelope = Envelope.sign("text/plain", PAYLOAD, List.of(ANN));

        assertThat(envelope.verify(TRUSTED, TYPE, 1))
                .isEqualTo(
                        new Verification.Rejected(
                                "expected the payload type application/vnd.in-toto+json, found"
                                        + " text/plain"));
    }

    @Test
    void noFlippedByteOfTheJsonVerifies() {
        byte[] json =
                Envelope.sign(TYPE, PAYLOAD, List.of(ANN)).json().getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < json.length; at++) {
            for (int bit : new int[] {0x01, 0x02, 0x20}) {
                byte[] copy = json.clone();
                copy[at] ^= (byte) bit;
                assertThat(verifies(new String(copy, StandardCharsets.UTF_8)))
                        .as("byte %d", at)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[]}",
                "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{}]}",
                "{\"payloadType\":1,\"payload\":\"\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}]}",
                "{\"payloadType\":\"t\",\"payload\":\"YQ\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}]}",
                "{\"payloadType\":\"t\",\"payload\":\"YR==\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}]}",
                "{\"payloadType\":\"t\",\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}]}",
                "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}],\"x\":1}",
                "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"\"}]} {}",
                "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]"
            })
    void hostileTextIsNoEnvelope(String text) {
        assertThatThrownBy(() -> Envelope.parse(text))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("cannot read a signed envelope: ")
                .hasMessageContaining("HINT:");
    }

    @Test
    void moreThanSixteenSignaturesAreTooMany() {
        String one = "{\"keyid\":\"a\",\"sig\":\"\"}";
        String text =
                "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[%s]}"
                        .formatted(String.join(",", java.util.Collections.nCopies(17, one)));

        assertThatThrownBy(() -> Envelope.parse(text)).hasMessageContaining("found 17");
    }

    @Test
    void aTextOfMoreThanFourMebibytesIsNotRead() {
        assertThatThrownBy(() -> Envelope.parse(" ".repeat((4 << 20) + 1)))
                .hasMessageContaining("expected at most 4194304 characters");
    }

    private static Envelope again(Envelope envelope) {
        return Envelope.parse(envelope.json());
    }

    private static boolean verifies(String json) {
        try {
            return Envelope.parse(json).verify(TRUSTED, TYPE, 1) instanceof Verification.Verified;
        } catch (Problem e) {
            return false;
        }
    }
}
