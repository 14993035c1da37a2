package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RequiredProbesTest {
    private static final HostView VIEW = HostView.unconfigured(Path.of("/state"));
    private static final Target FOLDER = new Target.PathTarget(Path.of("/srv/x"));
    private static final Set<String> KERNEL =
            Set.of(
                    "target",
                    "lock",
                    "open-count",
                    "open-files",
                    "processes",
                    "sockets",
                    "mounts",
                    "kernel-users");

    private static Set<String> of(String operation, Target target, HostView view) {
        return RequiredProbes.of(new GuardRequest(operation, target, view));
    }

    private static Set<String> kernelAnd(String... more) {
        var all = new TreeSet<>(KERNEL);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void folderDemandsEveryProbeOfTheKernelAndDataAtRest() {
        assertThat(of("wipe", FOLDER, VIEW)).isEqualTo(kernelAnd("data-at-rest"));
        assertThat(of("anything", FOLDER, VIEW)).isEqualTo(kernelAnd("data-at-rest"));
    }

    @Test
    void coveredOperationTradesDataAtRestForTwoOthers() {
        HostView covered = VIEW.withCover("shop", List.of(), 1, Set.of("drop"));
        assertThat(of("drop", FOLDER, covered)).isEqualTo(kernelAnd("covered-data", "peers"));
        assertThat(of("wipe", FOLDER, covered)).isEqualTo(kernelAnd("data-at-rest"));
    }

    @Test
    void knownServerIsAskedToo() {
        HostView served =
                VIEW.withServer(
                        new ServerAddress(
                                "root", "", 0, Optional.of(Path.of("/s")), Optional.empty()));
        assertThat(of("wipe", FOLDER, served)).isEqualTo(kernelAnd("data-at-rest", "testimony"));
    }

    @Test
    void deviceAndHostHaveTheirOwn() {
        assertThat(of("wipe", new Target.DeviceTarget("/dev/x"), VIEW))
                .containsExactlyInAnyOrder("target", "claim", "users", "data-at-rest");
        assertThat(of("wipe", new Target.HostTarget(), VIEW))
                .containsExactlyInAnyOrder(
                        "target", "processes", "data-at-rest", "storage", "peers");
    }

    /// One that is demanded and not there could never be cleared; one that is there and not
    /// demanded would never be asked.
    @Test
    void everyProbeThatIsDemandedIsThereOnce() {
        assertThat(Probes.all())
                .extracting(Probe::name)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        kernelAnd("data-at-rest", "covered-data", "peers", "testimony"));
        assertThat(Probes.ofDevice())
                .extracting(Look::name)
                .containsExactlyInAnyOrder("target", "claim", "users", "data-at-rest");
        assertThat(Probes.ofHost())
                .extracting(Look::name)
                .containsExactlyInAnyOrder(
                        "target", "processes", "data-at-rest", "storage", "peers");
    }
}
