package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final ProofOfSight PROOF =
            new ProofOfSight(List.of("found a decoy"), "1 file", "uid 0", List.of());
    private static final Finding LOCK = new Finding.Clear("lock", PROOF);
    private static final Finding MOUNTS = new Finding.Clear("mounts", PROOF);

    @Test
    void allRequiredAndClearIsCleared() {
        assertThat(Verdict.of(Set.of("lock", "mounts"), List.of(LOCK, MOUNTS)))
                .isInstanceOf(Verdict.Cleared.class);
    }

    @Test
    void oneLiveProbeRefuses() {
        var live = new Finding.Live("mounts", "tmpfs");
        assertThat(Verdict.of(Set.of("lock", "mounts"), List.of(LOCK, live)))
                .isEqualTo(new Verdict.Refused(List.of(live)));
    }

    @Test
    void oneBlindProbeRefuses() {
        var blind = new Finding.Blind("mounts", "denied", "run as root");
        assertThat(Verdict.of(Set.of("lock", "mounts"), List.of(LOCK, blind)))
                .isEqualTo(new Verdict.Refused(List.of(blind)));
    }

    @Test
    void probeThatWasNotRequiredRefusesAllTheSame() {
        var live = new Finding.Live("testimony", "3 clients");
        assertThat(Verdict.of(Set.of("lock"), List.of(LOCK, live)))
                .isEqualTo(new Verdict.Refused(List.of(live)));
    }

    @Test
    void missingProbeRefuses() {
        assertThat(Verdict.of(Set.of("lock", "mounts"), List.of(LOCK)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused ->
                                assertThat(refused.reasons())
                                        .extracting(Finding::probe)
                                        .containsExactly("mounts"));
    }

    @Test
    void noRequiredProbeRefuses() {
        assertThat(Verdict.of(Set.of(), List.of(LOCK))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void clearWithoutAControlCannotBeSaid() {
        assertThatThrownBy(() -> new ProofOfSight(List.of(), "1 file", "uid 0", List.of()))
                .hasMessage("no control was found, so nothing was proved: 1 file");
    }
}
