package io.backstay.doors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    @Test
    void killEndsExactlyTheIdentifiedProcess() throws Exception {
        Process process = sleep();
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();

        assertThat(identity.signal(ProcessIdentity.Signal.KILL)).isTrue();

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void aProcessWithTheSamePidButAnotherStartIsLeftAlone() throws Exception {
        Process process = sleep();
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            var earlier =
                    new ProcessIdentity(
                            identity.bootId(), identity.pid(), identity.startTicks() - 1);

            assertThat(earlier.signal(ProcessIdentity.Signal.KILL)).isFalse();
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process sleep() throws IOException {
        return new ProcessBuilder("sleep", "60").start();
    }
}
