package io.backstay.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimBookTest {
    private final ClaimBook book = new ClaimBook(List.of());

    @Test
    void allHeldIsExitCode0() {
        book.check(1, "a", "it holds", "1", "", true);

        assertThat(book.exitCode()).isZero();
    }

    @Test
    void nothingClaimedIsNoSuccess() {
        assertThat(book.exitCode()).isEqualTo(1);
    }

    @Test
    void oneNotCoveredIsExitCode4() {
        book.check(1, "a", "it holds", "1", "", true);
        book.notCovered(1, "b", "it holds too", "no tool");

        assertThat(book.exitCode()).isEqualTo(4);
    }

    @Test
    void aFailureOutweighsWhatIsNotCovered() {
        book.notCovered(1, "b", "it holds too", "no tool");
        book.check(1, "a", "it holds", "1", "", false);

        assertThat(book.exitCode()).isEqualTo(1);
    }

    @Test
    void aFailureStaysWhenTheSameClaimHoldsLater() {
        book.check(1, "a", "it holds", "0 of 3", "", false);
        book.check(1, "a", "it holds", "3 of 3", "", true);

        assertThat(book.all())
                .singleElement()
                .satisfies(
                        claim -> {
                            assertThat(claim.outcome()).isEqualTo(ClaimBook.Outcome.FAILED);
                            assertThat(claim.measured()).isEqualTo("0 of 3");
                        });
    }
}
