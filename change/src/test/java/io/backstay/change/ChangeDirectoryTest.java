package io.backstay.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.yaml.Fault;
import io.backstay.change.yaml.FaultyFileException;
import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeDirectoryTest {
    @TempDir private Path folder;
    private String good;

    @BeforeEach
    void copyTheUpgrade() throws Exception {
        good = Files.readString(DrillChanges.UPGRADE.resolve("change.yaml"));
        write(good);
    }

    @Test
    void theUpgradeReadsAsWritten() {
        Change change = ChangeDirectory.load(folder).change();

        assertThat(change.id()).isEqualTo("CHG-2026-0003");
        assertThat(change.targets().expect()).isEqualTo(new Targets.Expect(9, 3, 3));
        assertThat(change.downtime().writesPerCluster()).isEqualTo(Duration.ofSeconds(15));
        assertThat(change.irreversibleSteps()).containsExactly("drop-set-aside");
        assertThat(change.steps()).extracting(Step::id).startsWith("switchover", "drain", "stop");
        assertThat(change.findStep("install").orElseThrow().args())
                .containsEntry("version", "11.4.5");
        assertThat(change.rehearsal().validFor()).isEqualTo(Duration.ofDays(1));
        assertThat(change.metadata().editors()).containsExactly("erin");
    }

    @Test
    void anyByteOfAnyFileChangesTheDigest() throws Exception {
        String before = ChangeDirectory.load(folder).digest();
        Files.writeString(folder.resolve("notes.txt"), "a");
        String with = ChangeDirectory.load(folder).digest();
        Files.writeString(folder.resolve("notes.txt"), "b");
        String edited = ChangeDirectory.load(folder).digest();
        Files.move(folder.resolve("notes.txt"), folder.resolve("notes2.txt"));
        String renamed = ChangeDirectory.load(folder).digest();
        write(good + "\n");
        String spaced = ChangeDirectory.load(folder).digest();

        assertThat(List.of(before, with, edited, renamed, spaced)).doesNotHaveDuplicates();
    }

    @Test
    void theDigestIsOverSortedLines() {
        ChangeDirectory change = ChangeDirectory.load(folder);
        byte[] bytes = good.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String line =
                "%s %d change.yaml\n".formatted(io.backstay.doors.Disk.sha256(bytes), bytes.length);

        assertThat(change.digest())
                .isEqualTo(
                        io.backstay.doors.Disk.sha256(
                                line.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void linksAreNotPartOfAChange() throws Exception {
        Files.createSymbolicLink(folder.resolve("secret"), Path.of("change.yaml"));

        assertThatThrownBy(() -> ChangeDirectory.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("found a link or device: secret");
    }

    @Test
    void severalFaultsAreFoundInOneLook() {
        write(
                good.replace("acrossClusters: 1", "acrossClusters: 0")
                        .replace("  owner: dba-core\n", "")
                        .replace("dataLossAllowed: none", "dataLossAllowed: some")
                        .replace("type: normal", "type: usual"));

        assertThat(faults())
                .extracting(f -> f.line() + ": " + f.what())
                .containsExactly(
                        "7: expected `owner` in metadata, found none",
                        "11: expected emergency | normal | standard in type, found `usual`",
                        "20: expected acrossClusters of at least 1, found 0",
                        "51: expected none in backout.dataLossAllowed, found `some`");
    }

    @Test
    void aFaultSaysFileLineColumnAndHint() {
        write(good.replace("reason:", "reasn:"));

        assertThat(faults())
                .extracting(Fault::text)
                .containsExactly(
                        """
                        %1$s/change.yaml:4:1: expected `reason`, found none
                        HINT: Say why, in one sentence."""
                                .formatted(folder),
                        """
                        %1$s/change.yaml:14:1: unknown field `reasn`
                        HINT: Known here: apiVersion, backout, downtime, kind, metadata, onFailure, order, preconditions, reason, rehearsal, restore, steps, targets, type, verify, waves, work."""
                                .formatted(folder));
    }

    /// Each of these turns one safe line into an unsafe one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expect: {hosts: 9, clusters: 3, sources: 3} | expect: {hosts: 9, clusters: 3} | expected `sources` in targets.expect, found none",
                "expect: {hosts: 9, | expect: {hosts: 9+, | expected a whole number from 0 to 1000000 in targets.expect.hosts, found `9+`",
                "perCluster: 1 | perCluster: 2 | expected perCluster 1, found 2",
                "sourceLast: true | sourceLast: false | expected sourceLast: true",
                "sourceLast: true | sourceLast: yes | expected true or false in order.sourceLast, found `yes`",
                "guard: no-active-data | irreversible: a | `irreversible` is given twice",
                "guard: no-active-data | when: role == source | `when` is given twice",
                "destructive: true | destructive: false | expected destructive: true in step `drop-set-aside`, for data.drop-set-aside destroys data",
                "timeout: PT10M | timeout: PT0S | expected a timeout above zero in step `restore`",
                "timeout: PT10M | timeout: 10m | expected a duration in steps[].timeout, found `10m`",
                "id: join, | id: stop, | two steps are called `stop`",
                "undo: mysql.start | undo: mysql.strat | step `stop` names the undo `mysql.strat`, which is neither an action nor a file here",
                "use: mysql.stop, | use: mysql.kill, | expected data.drop-set-aside",
                "until: drop-set-aside | until: drop | backout.until names the step `drop`, which is not there",
                "validFor: P1D | validFor: P90D | expected rehearsal.validFor from above zero to P30D",
                "repeats: 1 | repeats: 0 | expected rehearsal.repeats of at least 1, found 0",
                "in: [replica, source] | in: [] | expected at least one item in targets.select.all[].in, found none",
                "in: [replica, source] | in: replica | expected a list in targets.select.all[].in, found text",
                "onFailure: backout-member | onFailure: continue | expected backout-member | freeze in onFailure, found `continue`",
                "owner: dba-core | owner: &o dba-core | an anchor, &o",
                "owner: dba-core | owner: !!str dba-core | a tag, tag:yaml.org,2002:str",
                "author: erin | author: '../../x' | expected a name in metadata.author, found `../../x`",
                "author: erin | author: ~ | expected a value in metadata.author, found nothing",
                "type: normal | type: {a: b} | expected text in type, found a mapping",
            })
    void anUnsafeLineIsAFault(String from, String to, String fault) {
        assertThat(good).contains(from);
        write(good.replace(from, to));

        assertThat(faults())
                .extracting(Fault::what)
                .anySatisfy(w -> assertThat(w).startsWith(fault));
    }

    @Test
    void aDestructiveStepWithoutGuardIsAFault() {
        write(good.replace("    guard: no-active-data\n", ""));

        assertThat(faults())
                .extracting(Fault::what)
                .containsExactly("the destructive step `drop-set-aside` names no guard");
    }

    @Test
    void anIrreversibleStepWithoutReasonIsAFault() {
        write(good.replaceAll("    irreversible: .*\n", ""));

        assertThat(faults())
                .extracting(Fault::what)
                .containsExactly(
                        "the destructive step `drop-set-aside` has no undo and does not say why");
    }

    @Test
    void aScriptMustBeInTheDirectory() {
        write(
                good.replace(
                        "use: mysql.stop,                timeout: PT2M,",
                        "use: script.run, command: [/bin/rm, -rf], timeout: PT2M,"));

        assertThat(faults())
                .extracting(Fault::what)
                .containsExactly(
                        "step `stop` runs `/bin/rm`, which is not in the change's directory");
    }

    @Test
    void anAliasIsAFault() {
        write(good.replace("owner: dba-core", "owner: *x"));

        assertThatThrownBy(() -> ChangeDirectory.load(folder))
                .isInstanceOf(FaultyFileException.class);
    }

    @ParameterizedTest
    @CsvSource({"''", "'[]'", "'a: [b'", "'a: b\n--- \na: c'", "'text'", "'a:\n\t- b'"})
    void whatIsNoChangeIsAFaultNotACrash(String text) {
        write(text);

        assertThatThrownBy(() -> ChangeDirectory.load(folder))
                .isInstanceOf(FaultyFileException.class)
                .hasMessageContaining("HINT:");
    }

    @Test
    void noLineOfTheFileCanBeLeftOutUnnoticed() {
        List<String> lines = good.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean isOptional =
                    line.startsWith("#")
                            || line.startsWith("reviewers:")
                            || line.startsWith("- {")
                            || line.startsWith("when:");
            if (isOptional) {
                continue;
            }
            var without = new java.util.ArrayList<>(lines);
            without.remove(i);
            write(String.join("\n", without));
            assertThatThrownBy(() -> ChangeDirectory.load(folder))
                    .as("without line %d: %s", i + 1, line)
                    .isInstanceOf(FaultyFileException.class);
        }
    }

    private List<Fault> faults() {
        try {
            ChangeDirectory.load(folder);
        } catch (FaultyFileException e) {
            return e.faults();
        }
        return List.of();
    }

    private void write(String text) {
        try {
            Files.writeString(folder.resolve("change.yaml"), text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
