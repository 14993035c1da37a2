package io.backstay.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.SigningKey;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedSourceTest {
    @TempDir Path folder;
    private Ledger chain;

    @BeforeEach
    void open() {
        chain = Ledger.open(folder, "controller", SigningKey.generate(), Time.system());
    }

    @AfterEach
    void close() {
        chain.close();
    }

    @Test
    void beforeAnySwitchoverItIsTheFirstMember() {
        tell("step.verified", "c1");
        tell("switchover.repointed", "c2");

        assertThat(source()).isEqualTo("a");
    }

    @Test
    void whileASwitchoverIsUnderWayNobodyIs() {
        for (String type :
                new String[] {
                    "switchover.checked",
                    "switchover.frozen",
                    "switchover.drained",
                    "undo.cancelled",
                    "undo.not-owed"
                }) {
            tell("switchover.repointed", "c1");
            tell(type, "c1");
            assertThat(source()).as(type).isEmpty();
        }
    }

    @Test
    void aPromotedMemberIsFromThenOn() {
        tell("switchover.drained", "c1");
        tell("switchover.promoted", "c1");
        assertThat(source()).isEqualTo("b");
        tell("switchover.thawed", "c1");
        assertThat(source()).isEqualTo("b");
        tell("switchover.repointed", "c1");
        assertThat(source()).isEqualTo("b");
    }

    @Test
    void anUndoneSwitchoverLeavesTheOldOne() {
        tell("switchover.frozen", "c1");
        tell("switchover.undone", "c1");
        assertThat(source()).isEqualTo("a");
    }

    private String source() {
        return NamedSource.of(chain.entries(), "c1", "a").orElse("");
    }

    private void tell(String type, String cluster) {
        chain.append(type, "", null, Map.of("cluster", cluster, "from", "a", "to", "b"));
    }
}
