package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WithinDeadlineTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static <T> T await(Callable<T> work) throws CannotLookException {
        return WithinDeadline.await(WithinDeadline.begin("work", work), LONG, "it", "free it");
    }

    @Test
    void anAnswerInTimeIsTheAnswer() throws Exception {
        assertThat(await(() -> "yes")).isEqualTo("yes");
    }

    @Test
    void workBeginsOnADaemonOfItsName() throws Exception {
        assertThat(await(() -> Thread.currentThread().getName())).isEqualTo("work");
        assertThat(await(() -> Thread.currentThread().isDaemon())).isTrue();
    }

    @Test
    void noAnswerIsBlind() {
        assertThatThrownBy(
                        () ->
                                WithinDeadline.await(
                                        new CompletableFuture<>(),
                                        Duration.ofMillis(1),
                                        "it",
                                        "free it"))
                .isInstanceOfSatisfying(
                        CannotLookException.class, e -> assertThat(e.remedy()).isEqualTo("free it"))
                .hasMessage("it gave no answer within 1 ms");
    }

    @Test
    void whateverItThrowsIsBlind() {
        assertThatThrownBy(
                        () ->
                                await(
                                        () -> {
                                            throw new IOException("first\nsecond");
                                        }))
                .isInstanceOf(CannotLookException.class)
                .hasMessage("it: first");
        assertThatThrownBy(
                        () ->
                                await(
                                        () -> {
                                            throw new IllegalStateException("");
                                        }))
                .hasMessage("it: ?");
        assertThatThrownBy(
                        () ->
                                await(
                                        () -> {
                                            throw new CannotLookException("why", "how");
                                        }))
                .isInstanceOfSatisfying(
                        CannotLookException.class, e -> assertThat(e.remedy()).isEqualTo("how"))
                .hasMessage("why");
    }

    @Test
    void whoeverIsInterruptedIsBlindAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () ->
                                WithinDeadline.await(
                                        new CompletableFuture<>(), LONG, "it", "free it"))
                .isInstanceOf(CannotLookException.class)
                .hasMessage("it: interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
