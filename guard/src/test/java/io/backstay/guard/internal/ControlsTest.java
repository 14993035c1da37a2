package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each probe proves before its "nothing" counts. One look for all of them, as the mutation
/// run asks often; [BlindingTest] tells them apart.
class ControlsTest {
    @TempDir Path home;

    @Test
    void everyProbeProvesItsSightAndIsBlindWithoutIt() throws Exception {
        try (var sight = new Sight(home)) {
            BlindingTest.losses().forEach(loss -> BlindingTest.require(loss, sight));
            var proofs = new TreeMap<String, List<String>>();
            for (Probe probe : Probes.all()) {
                if (probe.examine(sight.whole()) instanceof Finding.Clear clear) {
                    proofs.put(probe.name(), clear.proof().controls());
                }
            }
            String empty = "called an empty folder clear";
            assertThat(proofs)
                    .containsEntry("target", List.of("accepted a real folder"))
                    .containsEntry("lock", List.of("found a locked file", empty))
                    .containsEntry(
                            "open-count",
                            List.of("found a file that another process has open", empty))
                    .containsEntry(
                            "open-files",
                            List.of(
                                    "found a file that another process has open",
                                    "found a deleted file that another process has open",
                                    "found another process's working directory",
                                    "found a mapped, closed file",
                                    empty))
                    .containsEntry(
                            "processes",
                            List.of("found a process that names a data directory", empty))
                    .containsEntry(
                            "sockets",
                            List.of(
                                    "found a unix socket without its file",
                                    "found a listener on an address",
                                    empty,
                                    "found a listener in another network namespace"))
                    .containsEntry(
                            "mounts", List.of("found a mount in another mount namespace", empty))
                    .containsEntry(
                            "kernel-users",
                            List.of(
                                    "found a deleted swap file",
                                    "found a loop device on a deleted file",
                                    empty))
                    .containsEntry(
                            "data-at-rest",
                            List.of(
                                    "found a stopped data directory",
                                    "found an unknown file",
                                    "found a hard link",
                                    empty))
                    .containsEntry(
                            "covered-data",
                            List.of("found a file no server makes", "found a hard link", empty))
                    .containsEntry(
                            "testimony",
                            List.of(
                                    "named the process behind a prepared socket",
                                    "found nobody behind a socket that is not there"));
        }
    }
}
