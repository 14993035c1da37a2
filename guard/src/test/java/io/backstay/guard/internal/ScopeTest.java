package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.guard.internal.ProcessFacts.Held;
import io.backstay.guard.internal.ProcessFacts.How;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScopeTest {
    @TempDir Path folder;
    private Place place;
    private MountNames mounts;

    @BeforeEach
    void walk() throws IOException, CannotLookException {
        Path data = Files.createDirectory(folder.toRealPath().resolve("db1"));
        Files.writeString(data.resolve("ibdata1"), "x");
        mounts = MountNames.of(Mount.own());
        place = Place.of(Tree.walk(data), mounts.own(), Set.of());
    }

    private ProcessFacts process(Held... held) {
        return new ProcessFacts(
                4_000_000,
                "mariadbd",
                List.of(held),
                Set.of(),
                List.of(),
                "net:[1]",
                "mnt:[1]",
                List.of());
    }

    private Held held(How how, long inode, String name, boolean deleted) {
        return new Held(how, new FileKey(place.tree().device(), inode), name, deleted, -1);
    }

    private String inside(String name) {
        return place.tree().folder().resolve(name).toString();
    }

    @Test
    void inodeCountsWhateverItIsCalled() throws Exception {
        long inode = place.tree().files().getFirst().key().inode();
        assertThat(
                        Scope.holdings(
                                process(held(How.MAPPED, inode, "/elsewhere/x", false)),
                                place,
                                mounts))
                .hasSize(1);
    }

    @Test
    void deletedFileCountsByWhereItLay() throws Exception {
        assertThat(Scope.holdings(process(held(How.OPEN, 1, inside("t.ibd"), true)), place, mounts))
                .hasSize(1);
    }

    @Test
    void neighbourWithTheSamePrefixDoesNotCount() throws Exception {
        String other = place.tree().folder() + "0/t.ibd";
        assertThat(Scope.holdings(process(held(How.OPEN, 1, other, true)), place, mounts))
                .isEmpty();
    }

    @Test
    void sameInodeNumberOnAnotherDeviceDoesNotCount() throws Exception {
        long inode = place.tree().files().getFirst().key().inode();
        var other = new Held(How.OPEN, new FileKey(1, inode), inside("ibdata1"), false, 3);
        assertThat(Scope.holdings(process(other), place, mounts)).isEmpty();
    }

    @Test
    void deletedFileWithoutANameIsBlind() {
        var lost = held(How.OPEN, 1, "(unreachable)/x", true);
        assertThatThrownBy(() -> Scope.holdings(process(lost), place, mounts))
                .isInstanceOf(CannotLookException.class);
    }

    @Test
    void processWithADataDirectoryOfItsOwnBelongsElsewhere() throws Exception {
        var anchor = held(How.OPEN, 1, "/srv/other/ibdata1", false);
        assertThat(Scope.elsewhere(process(anchor), place, mounts)).contains("/srv/other");
    }

    @Test
    void processWithoutADataDirectoryBelongsNowhere() throws Exception {
        assertThat(Scope.elsewhere(process(), place, mounts)).isEmpty();
    }

    @Test
    void processThatHoldsSomethingHereDoesNotBelongElsewhere() throws Exception {
        var anchor = held(How.OPEN, 1, "/srv/other/ibdata1", false);
        var here = held(How.OPEN, 2, inside("t.ibd"), true);
        assertThat(Scope.elsewhere(process(anchor, here), place, mounts)).isEmpty();
    }
}
