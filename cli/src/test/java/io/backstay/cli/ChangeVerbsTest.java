package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.StrictJson;
import io.backstay.change.evidence.Approval;
import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.change.gate.ClusterFacts;
import io.backstay.change.gate.Policy;
import io.backstay.change.plan.FleetFacts;
import io.backstay.change.plan.FleetFacts.Host;
import io.backstay.change.plan.FleetFacts.Role;
import io.backstay.change.plan.Plan;
import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeVerbsTest {
    private static final Path DRILL =
            Path.of("src", "main", "resources", "io", "backstay", "cli", "drill");
    private static final String UPGRADE = DRILL.resolve("upgrade").toString();

    @TempDir private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aLedgerIsProvenOnlyAgainstAMirroredHead() throws Exception {
        Path chain = writeLedger();
        String ledger = folder.resolve("ledger").toString();

        assertThat(run("ledger", "verify", ledger)).isEqualTo(4);
        assertThat(text()).contains("agent: lines 1..3 chain ok, head ", "no mirrored head");

        assertThat(run("ledger", "show", ledger, "--heads")).isZero();
        Path heads = Files.writeString(folder.resolve("heads"), text());
        assertThat(run("ledger", "verify", ledger, "--head", heads.toString())).isZero();
        assertThat(text()).contains("matches 1 of 1 mirrored heads");

        List<String> lines = new ArrayList<>(Files.readAllLines(chain));
        lines.removeLast();
        Files.writeString(chain, String.join("\n", lines) + "\n");
        assertThat(run("ledger", "verify", ledger, "--head", heads.toString())).isEqualTo(1);
        assertThat(text())
                .contains(
                        "agent: BROKEN at line 3: truncation: expected entry 3, which a mirrored head names, found the end after entry 2");
    }

    @Test
    void oneByteOfALedgerChangedIsFound() throws Exception {
        Path chain = writeLedger();
        byte[] bytes = Files.readAllBytes(chain);
        bytes[bytes.length / 2] ^= 1;
        Files.write(chain, bytes);

        assertThat(run("ledger", "verify", folder.resolve("ledger").toString(), "--output", "json"))
                .isEqualTo(1);
        assertThat(text()).contains("\"schemaVersion\":1", "\"damage\":\"edit\"", "\"line\":2");
    }

    @Test
    void publicKeysBesidePrivateOnesAreFoundAndNoKeysAreNoProofOfTampering() throws Exception {
        writeLedger();
        String ledger = folder.resolve("ledger").toString();
        Path all = Files.move(folder.resolve("keys"), folder.resolve("some"));
        Path keys = Files.createDirectory(folder.resolve("keys"));

        assertThat(run("ledger", "verify", ledger)).isEqualTo(2);
        assertThat(problem())
                .contains("expected OWNER.pub files in " + keys + ", found none", "HINT:");

        Files.move(all, keys.resolve("public"));
        assertThat(run("ledger", "verify", ledger)).isEqualTo(4);
    }

    @Test
    void aLedgerIsShownAsATimeline() {
        writeLedger();

        assertThat(run("ledger", "show", folder.resolve("ledger").toString())).isZero();
        assertThat(text().lines()).hasSize(3).allMatch(l -> l.contains("note.added"));
    }

    @Test
    void aFolderWithoutChainsIsNoLedger() {
        assertThat(run("ledger", "verify", folder.toString(), "--keys", folder.toString()))
                .isEqualTo(2);
        assertThat(problem()).contains("expected WRITER.jsonl files, found none", "HINT:");
    }

    @Test
    void aNewKeyIsForItsOwnerOnlyAndNeverReplaced() {
        assertThat(run("key", "new", "ann", "--dir", folder.toString())).isZero();
        SigningKey key = SigningKey.load(folder.resolve("ann.key"));
        assertThat(TrustedKeys.load(folder).find(key.id()).orElseThrow().owner()).isEqualTo("ann");

        assertThat(run("key", "new", "ann", "--dir", folder.toString())).isEqualTo(2);
        assertThat(run("key", "new", "../ann", "--dir", folder.toString())).isEqualTo(2);
    }

    @Test
    void everyChangeOfTheDrillIsWithoutFault() {
        assertThat(run("change", "lint", UPGRADE)).isZero();
        assertThat(text())
                .startsWith("CHG-2026-0003  digest ")
                .contains("no way back after: drop-set-aside");
        assertThat(run("change", "lint", DRILL.resolve("reinstall-spares").toString())).isZero();
        assertThat(run("change", "lint", DRILL.resolve("reinstall-idle-hosts").toString()))
                .isZero();
    }

    @Test
    void faultsOfAChangeComeWithLineAndHint() throws Exception {
        Files.writeString(folder.resolve("change.yaml"), "apiVersion: backstay/v2\nkind: Change\n");

        assertThat(run("change", "lint", folder.toString())).isEqualTo(2);
        assertThat(problem())
                .contains(
                        "change.yaml:1:13: expected backstay/v1 in apiVersion, found `backstay/v2`\nHINT: ",
                        "change.yaml:1:1: expected `targets`, found none");
    }

    @Test
    void aFleetLargerThanExpectedIsRefused() throws Exception {
        Files.writeString(folder.resolve("fleet.json"), fleet(4).json());

        assertThat(
                        run(
                                "change",
                                "plan",
                                UPGRADE,
                                "--fleet",
                                folder.resolve("fleet.json").toString()))
                .isEqualTo(3);
        assertThat(text()).contains("REFUSED expect.hosts 9 != 12 selected");
    }

    @Test
    void thePlanIsPrintedWithItsDigest() throws Exception {
        Files.writeString(folder.resolve("fleet.json"), fleet(3).json());

        assertThat(
                        run(
                                "change",
                                "plan",
                                UPGRADE,
                                "--fleet",
                                folder.resolve("fleet.json").toString(),
                                "--output",
                                "json"))
                .isZero();
        assertThat(text())
                .contains("\"planDigest\":\"" + plan().digest(), "\"result\":\"resolved\"");
    }

    @Test
    void theGateExplainsWhatIsMissing() {
        writeFacts();

        assertThat(gate()).isEqualTo(3);
        assertThat(text())
                .contains(
                        "DENIED by 1-bound, 3-negative, 4-way-back, 5-people",
                        "note: evidence: there is none",
                        " 6-exact      ok");
    }

    @Test
    void withEvidenceAndTwoApprovalsTheGateOpens() {
        writeFacts();
        writeEvidence(Evidence.Result.PASSED);

        assertThat(gate(args("--evidence", "evidence", "--approval", "ann", "--approval", "bob")))
                .isZero();
        assertThat(text().lines().toList().getLast()).isEqualTo("ALLOWED");
        assertThat(gate(args("--evidence", "evidence", "--approval", "ann"))).isEqualTo(3);
    }

    @Test
    void brokenGlassShowsWhichRulesWerePassedOver() {
        writeFacts();
        writeEvidence(Evidence.Result.FAILED);

        assertThat(gate(args("--evidence", "evidence"))).isEqualTo(3);
        assertThat(gate(args("--evidence", "evidence", "--break-glass", "glass"))).isZero();
        assertThat(text()).contains("ALLOWED PAST THE GATE, opened: 1-bound, 5-people");
    }

    private Path writeLedger() {
        SigningKey key = SigningKey.generate();
        TrustedKeys.save(folder.resolve("keys"), "agent", key.publicKey());
        try (Ledger ledger = Ledger.open(folder.resolve("ledger"), "agent", key, Time.system())) {
            for (int i = 0; i < 3; i++) {
                ledger.append("note.added", "h1", null, Map.of("i", i));
            }
        }
        return folder.resolve("ledger").resolve("agent.jsonl");
    }

    private int gate(String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "gate",
                                "explain",
                                UPGRADE,
                                "--actor",
                                "carl",
                                "--fleet",
                                folder.resolve("fleet.json").toString(),
                                "--policy",
                                DRILL.resolve("policy.yaml").toString(),
                                "--keys",
                                folder.resolve("keys").toString(),
                                "--clusters",
                                folder.resolve("clusters.json").toString()));
        args.addAll(Arrays.asList(more));
        return run(args.toArray(String[]::new));
    }

    /// Options as they are, names of files in the folder.
    private String[] args(String... words) {
        return Stream.of(words)
                .map(w -> w.startsWith("--") ? w : folder.resolve(w).toString())
                .toArray(String[]::new);
    }

    private void writeFacts() {
        io.backstay.doors.Disk.folder(folder.resolve("keys"));
        write("fleet.json", fleet(3).json());
        write(
                "clusters.json",
                StrictJson.write(
                        Map.of(
                                "clusters",
                                Stream.of("c1", "c2", "c3")
                                        .map(
                                                c ->
                                                        new ClusterFacts(
                                                                c, 3, 0, 1, 0, c + "-s", c + "-s",
                                                                true))
                                        .toList())));
    }

    private void writeEvidence(Evidence.Result result) {
        Instant now = Time.system().now();
        Subjects subjects =
                new Subjects(
                        plan().changeId(),
                        plan().changeDigest(),
                        plan().digest(),
                        Policy.load(DRILL.resolve("policy.yaml")).digest());
        Evidence evidence =
                new Evidence(
                        "r-1",
                        "runner",
                        new Evidence.Tool("0.1.0", ""),
                        now,
                        now,
                        new Evidence.Twin(List.of("10.11.5"), 1, 3, 1000),
                        1,
                        List.of(),
                        0,
                        List.of(
                                new Evidence.Fault(
                                        "kill-controller", "goes on", "goes on", 1, true)),
                        IntStream.range(0, 5)
                                .mapToObj(i -> new Evidence.NegativeControl("n" + i, true, "r"))
                                .toList(),
                        new Evidence.Backout(true, 1, 0, now.plus(Duration.ofHours(12))),
                        new Evidence.Restore(true, Duration.ofMinutes(1), 1),
                        List.of(),
                        result,
                        "",
                        now.plus(Duration.ofHours(12)),
                        "");
        SigningKey ann = key("ann");
        SigningKey bob = key("bob");
        Envelope envelope = evidence.sign(subjects, List.of(key("runner"), key("verifier")));
        write("evidence", envelope.json());
        var believed =
                (Statement.Reading.Believed<Evidence>)
                        Evidence.verify(envelope, TrustedKeys.load(folder.resolve("keys")));
        for (var who : Map.of("ann", ann, "bob", bob).entrySet()) {
            var approval =
                    new Approval(
                            who.getKey(),
                            Approval.Decision.GRANTED,
                            "read it",
                            believed.digest(),
                            now,
                            now.plusSeconds(600));
            write(who.getKey(), approval.sign(subjects, who.getValue()).json());
        }
        write(
                "glass",
                new BreakGlass(List.of("ann", "bob"), "outage", now, now.plusSeconds(600))
                        .sign(subjects, List.of(ann, bob))
                        .json());
    }

    private SigningKey key(String owner) {
        SigningKey key = SigningKey.generate();
        TrustedKeys.save(folder.resolve("keys"), owner, key.publicKey());
        return key;
    }

    private static Plan plan() {
        return ((Plan.Result.Resolved)
                        Plan.resolve(ChangeDirectory.load(DRILL.resolve("upgrade")), fleet(3)))
                .plan();
    }

    private static FleetFacts fleet(int clusters) {
        List<Host> hosts = new ArrayList<>();
        for (int c = 1; c <= clusters; c++) {
            for (String member : List.of("s", "r1", "r2")) {
                Role role = member.equals("s") ? Role.SOURCE : Role.REPLICA;
                hosts.add(
                        new Host(
                                "c%d-%s".formatted(c, member),
                                "c" + c,
                                role,
                                Map.of("group", "fleet"),
                                "10.11.5",
                                true));
            }
        }
        return new FleetFacts(hosts);
    }

    private void write(String name, String text) {
        io.backstay.doors.Disk.writeAtomically(folder.resolve(name), text);
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new CommandLineRun(
                        Main.VERBS,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private String problem() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
