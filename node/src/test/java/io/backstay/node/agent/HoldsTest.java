package io.backstay.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldsTest {
    @TempDir Path folder;
    private Path target;
    private Path held;
    private Ledger chain;

    @BeforeEach
    void open() {
        target = folder.resolve("aside");
        held = folder.resolve(".backstay-0011223344556677");
        chain = Ledger.open(folder.resolve("ledger"), "db1", SigningKey.generate(), Time.system());
    }

    @AfterEach
    void close() {
        chain.close();
    }

    @Test
    void whatAKilledAgentLeftHeldIsPutBackAndItsEffectMayBeginAfresh() throws IOException {
        Files.createDirectory(held);
        write("interlock.begun");

        assertThat(restart().isBegun("e-1")).isFalse();
        assertThat(target).exists();
        assertThat(held).doesNotExist();
        assertThat(types()).containsExactly("interlock.begun", "interlock.ended");

        restart();
        assertThat(types()).as("said once").hasSize(2);
    }

    @Test
    void whatWasNotYetRenamedStaysAndIsSaid() throws IOException {
        Files.createDirectory(target);
        write("interlock.begun");

        assertThat(restart().isBegun("e-1")).isFalse();
        assertThat(target).exists();
        assertThat(types()).containsExactly("interlock.begun", "interlock.ended");
    }

    @Test
    void anIntentLeavesTheHeldFolderAsItIsAndTheEffectInDoubt() throws IOException {
        Files.createDirectory(held);
        write("interlock.begun");
        write("step.intent");

        assertThat(restart().isBegun("e-1")).isTrue();
        assertThat(held).exists();
        assertThat(target).doesNotExist();
        assertThat(types()).containsExactly("interlock.begun", "step.intent");
    }

    @Test
    void aSecondTargetLeftHeldBehindTheFirstOnesIntentIsPutBackAndInDoubt() throws IOException {
        Files.createDirectory(held);
        write("interlock.begun");
        write("step.intent");
        write("interlock.begun");

        assertThat(restart().isBegun("e-1")).isTrue();
        assertThat(target).exists();
    }

    @Test
    void aRefusalEndsTheHold() throws IOException {
        Files.createDirectory(held);
        write("interlock.begun");
        write("guard.refused");

        restart();
        assertThat(held).as("another's, since this one had put it back").exists();
    }

    @Test
    void aNameThatWasTakenAndAFolderThatIsGoneAreInDoubtForGood() throws IOException {
        write("interlock.begun");

        assertThat(restart().isBegun("e-1")).as("gone").isTrue();
        assertThat(restart().isBegun("e-1")).as("after another restart").isTrue();
        assertThat(types()).containsExactly("interlock.begun", "step.unknown");

        Files.createDirectory(held);
        Files.createDirectory(target);
        write("interlock.begun");
        assertThat(restart().isBegun("e-1")).as("both").isTrue();
        assertThat(held).exists();
        assertThat(chain.entries().getLast().body().path("why").asString())
                .contains(held.toString(), target.toString(), "both exist");
    }

    private EffectHistory restart() {
        var holds = new Holds();
        var host = TestHost.at("db1", folder);
        var history = OwnChain.replay(chain, new UndoDebts(host, Map.of(), chain), holds);
        holds.putBack(chain, "db1", history);
        return history;
    }

    private void write(String type) {
        chain.append(
                type,
                "db1",
                "c",
                Map.of(
                        "effect", "e-1",
                        "target", target.toString(),
                        "held", held.toString()));
    }

    private List<String> types() {
        return chain.entries().stream().map(LedgerEntry::type).toList();
    }
}
