package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.guard.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of a probe's own words: nothing but life needs no control.
class LookTest {
    private record Said(List<String> life, List<String> controls, String blind)
            implements Look<String> {
        @Override
        public String name() {
            return "p";
        }

        @Override
        public List<String> life(String world) throws CannotLookException {
            if (blind.equals("life")) {
                throw new CannotLookException("no right", "run as root");
            }
            return life;
        }

        @Override
        public List<String> controls(String world) throws CannotLookException {
            if (blind.equals("controls")) {
                throw failed("did not find it");
            }
            return controls;
        }

        @Override
        public String lookedAt(String world) {
            return world;
        }
    }

    private static Finding examine(List<String> life, List<String> controls, String blind) {
        return new Said(life, controls, blind).examine("w");
    }

    @Test
    void lifeIsLiveWhateverTheControlsSay() {
        assertThat(examine(List.of("a", "b"), List.of(), "controls"))
                .isEqualTo(new Finding.Live("p", "a; b"));
    }

    @Test
    void nothingIsClearOnlyWithItsProof() {
        assertThat(examine(List.of(), List.of("found it"), ""))
                .isInstanceOfSatisfying(
                        Finding.Clear.class,
                        clear -> {
                            assertThat(clear.probe()).isEqualTo("p");
                            assertThat(clear.proof().controls()).containsExactly("found it");
                            assertThat(clear.proof().lookedAt()).isEqualTo("w");
                            assertThat(clear.proof().privileges())
                                    .matches("uid \\d+, capabilities [0-9a-f]{16}");
                            assertThat(clear.proof().notSeen()).isEmpty();
                        });
    }

    @Test
    void failedControlIsBlind() {
        assertThat(examine(List.of(), List.of("x"), "controls"))
                .isEqualTo(
                        new Finding.Blind(
                                "p",
                                "the probe failed its control: it did not find it",
                                "run as root, outside of a container"));
    }

    @Test
    void whoCouldNotLookIsBlind() {
        assertThat(examine(List.of("a"), List.of("x"), "life"))
                .isEqualTo(new Finding.Blind("p", "no right", "run as root"));
    }

    @Test
    void withoutAControlNothingIsClear() {
        assertThatThrownBy(() -> examine(List.of(), List.of(), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
