package io.backstay.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrillTableTest {
    private static final List<FaultResult> RESULTS =
            List.of(
                    new FaultResult("D-01", "a fault", "passed", "active", "idle", "a|b", 1.5),
                    FaultResult.notRun("D-79", "racks", "no racks here"));

    @Test
    void replacesWhatStandsBetweenTheMarks() {
        String before =
                """
                # A document
                <!-- drills: written by make guard-table -->
                old
                <!-- end of drills -->
                after
                """;
        assertThat(DrillTable.within(before, RESULTS))
                .isEqualTo(
                        """
                        # A document
                        <!-- drills: written by make guard-table -->

                        | Drill | Fault | Script, all well | Script, fault | Guard |
                        | --- | --- | --- | --- | --- |
                        | D-01 | a fault | active | idle | a\\|b |
                        | D-79 | racks | - | - | not run: no racks here |

                        <!-- end of drills -->
                        after
                        """);
    }

    @Test
    void documentWithoutMarksIsLeftAlone() {
        assertThatThrownBy(() -> DrillTable.within("# A document\n", RESULTS))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no place for the drills");
    }
}
