package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardAnswerTest {
    private static final Finding CLEAR =
            new Finding.Clear(
                    "lock", new ProofOfSight(List.of("found it"), "1 file", "uid 0", List.of("x")));
    private static final Finding LIVE = new Finding.Live("mounts", "tmpfs\non it");
    private static final Finding BLIND = new Finding.Blind("sockets", "denied", "run as root");

    private static GuardAnswer answer(Finding... findings) {
        List<Finding> all = List.of(findings);
        return new GuardAnswer(
                "wipe",
                "path:/srv/x",
                Verdict.of(Set.of("lock"), all),
                all,
                "boot",
                Instant.EPOCH,
                Duration.ofMillis(1234));
    }

    @Test
    void clearedAnswerSaysWhatWasLookedAt() {
        GuardAnswer answer = answer(CLEAR);
        assertThat(answer.isCleared()).isTrue();
        assertThat(answer.reasons()).isEmpty();
        assertThat(answer.text())
                .isEqualTo(
                        "CLEARED wipe of path:/srv/x  (1 probes, 1234 ms, evidence %s)\n"
                                        .formatted(answer.evidenceDigest().substring(0, 12))
                                + "  clear  lock             1 file\n");
    }

    @Test
    void refusalListsEveryReasonAndNothingInItSteersATerminal() {
        GuardAnswer answer = answer(CLEAR, LIVE, BLIND);
        assertThat(answer.isCleared()).isFalse();
        assertThat(answer.reasons())
                .containsExactly(
                        "live   mounts           tmpfs?on it",
                        "blind  sockets          denied; to see: run as root");
        assertThat(answer.text())
                .isEqualTo(
                        "REFUSED wipe of path:/srv/x  (3 probes, 1234 ms, evidence %s)\n"
                                        .formatted(answer.evidenceDigest().substring(0, 12))
                                + "  live   mounts           tmpfs?on it\n"
                                + "  blind  sockets          denied; to see: run as root\n");
    }

    @Test
    void jsonSaysTheSame() {
        GuardAnswer answer = answer(CLEAR, LIVE, BLIND);
        String body =
                "{'schemaVersion':1,'operation':'wipe','target':'path:/srv/x','verdict':'refused',"
                        + "'bootId':'boot','startedAt':'1970-01-01T00:00:00Z','tookMillis':1234,"
                        + "'findings':[{'probe':'lock','finding':'clear','says':'1 file',"
                        + "'privileges':'uid 0','controls':['found it'],'notSeen':['x']},"
                        + "{'probe':'mounts','finding':'live','says':'tmpfs\\non it'},"
                        + "{'probe':'sockets','finding':'blind','says':'denied',"
                        + "'remedy':'run as root'}]";
        assertThat(answer.toJson())
                .isEqualTo(
                        (body + ",'evidenceDigest':'" + answer.evidenceDigest() + "'}")
                                .replace('\'', '"'));
        assertThat(answer.evidenceDigest())
                .isEqualTo(
                        io.backstay.doors.Disk.sha256(
                                (body + "}")
                                        .replace('\'', '"')
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(answer(CLEAR).toJson()).contains("\"verdict\":\"cleared\"");
    }

    @Test
    void probeThatDidNotReportIsSaidAsWell() {
        GuardAnswer answer = answer(LIVE);
        assertThat(answer.toJson())
                .contains("\"probe\":\"lock\",\"finding\":\"blind\",\"says\":\"did not report\"");
    }

    @Test
    void clearanceThatCouldNotBeHeldIsARefusal() {
        GuardAnswer refused = GuardAnswer.refused(answer(CLEAR), BLIND);
        assertThat(refused.isCleared()).isFalse();
        assertThat(refused.findings()).containsExactly(CLEAR, BLIND);
        assertThat(refused.verdict()).isEqualTo(new Verdict.Refused(List.of(BLIND)));
        GuardAnswer again = GuardAnswer.refused(refused, LIVE);
        assertThat(again.verdict()).isEqualTo(new Verdict.Refused(List.of(BLIND, LIVE)));
        assertThat(again.of("path:/y").target()).isEqualTo("path:/y");
        assertThat(again.of("path:/y").verdict()).isEqualTo(again.verdict());
    }
}
