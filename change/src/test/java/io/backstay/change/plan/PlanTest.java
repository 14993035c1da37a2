package io.backstay.change.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.DrillChanges;
import io.backstay.change.plan.FleetFacts.Host;
import io.backstay.change.plan.FleetFacts.Role;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final ChangeDirectory UPGRADE = ChangeDirectory.load(DrillChanges.UPGRADE);
    private static final ChangeDirectory SPARES =
            ChangeDirectory.load(DrillChanges.REINSTALL_SPARES);

    @Test
    void everySelectedHostIsListed() {
        Plan plan = resolved(UPGRADE, Fleets.of(3, 2));

        assertThat(plan.selected())
                .containsExactly(
                        "c1-r1", "c1-r2", "c1-s", "c2-r1", "c2-r2", "c2-s", "c3-r1", "c3-r2",
                        "c3-s");
        assertThat(plan.sources()).isEqualTo(3);
        assertThat(plan.waves()).containsExactly("canary", "second", "rest");
    }

    @Test
    void replicasGoFirstAndTheSourceLastAfterItsSwitchover() {
        Plan plan = resolved(UPGRADE, Fleets.of(3, 2));
        List<String> canary =
                plan.stepsOf("canary").stream().map(s -> s.host() + " " + s.stepId()).toList();

        assertThat(canary)
                .containsExactly(
                        "c1-r1 drain",
                        "c1-r1 stop",
                        "c1-r1 set-aside",
                        "c1-r1 install",
                        "c1-r1 restore",
                        "c1-r1 join",
                        "c1-r1 verify",
                        "c1-r1 undrain",
                        "c1-r2 drain",
                        "c1-r2 stop",
                        "c1-r2 set-aside",
                        "c1-r2 install",
                        "c1-r2 restore",
                        "c1-r2 join",
                        "c1-r2 verify",
                        "c1-r2 undrain",
                        "c1-s switchover",
                        "c1-s drain",
                        "c1-s stop",
                        "c1-s set-aside",
                        "c1-s install",
                        "c1-s restore",
                        "c1-s join",
                        "c1-s verify",
                        "c1-s undrain",
                        "c1-r1 drop-set-aside",
                        "c1-r2 drop-set-aside",
                        "c1-s drop-set-aside");
        assertThat(plan.membersTogetherMax()).isEqualTo(1);
    }

    @Test
    void theSparesChangeTakesExactlyTheSpares() {
        Plan plan = resolved(SPARES, Fleets.of(3, 2));

        assertThat(plan.steps()).extracting(PlanStep::host).containsExactly("x1", "x2");
        assertThat(plan.clusters()).isEmpty();
    }

    /// The selector is what is wrong with it: it takes what it says, sources and all.
    @Test
    void theChangeOfTheOutageWouldTouchEveryHost() {
        Plan plan =
                resolved(ChangeDirectory.load(DrillChanges.REINSTALL_IDLE_HOSTS), Fleets.of(3, 2));

        assertThat(plan.selected()).hasSize(11);
        assertThat(plan.sources()).isEqualTo(3);
        assertThat(plan.steps().stream().filter(PlanStep::isDestructive)).hasSize(11);
    }

    @Test
    void oneHostMoreOrLessIsARefusalThatNamesTheCounts() {
        assertThat(refused(UPGRADE, Fleets.of(4, 2)))
                .containsExactly(
                        "expect.hosts 9 != 12 selected",
                        "expect.clusters 3 != 4 selected",
                        "expect.sources 3 != 4 selected");
        assertThat(refused(SPARES, Fleets.of(3, 3)))
                .containsExactly("expect.hosts 2 != 3 selected");
        assertThat(refused(SPARES, Fleets.of(3, 0)))
                .containsExactly("expect.hosts 2 != 0 selected", "the selection is empty");
    }

    @Test
    void anUnhealthyMemberLeavesTooFew() {
        List<Host> hosts = new ArrayList<>(Fleets.of(3, 2).hosts());
        hosts.set(
                1,
                new Host("c1-r1", "c1", Role.REPLICA, Map.of("group", "fleet"), "10.11.5", false));

        assertThat(refused(UPGRADE, new FleetFacts(hosts)))
                .containsExactly(
                        "c1: taking c1-s would leave 1 healthy members, minHealthyMembersLeft is 2 (not healthy: c1-r1)"
                                .replace("c1-s", "c1-r2"));
    }

    @Test
    void aLabelCannotSayWhatIsSeen() {
        assertThatThrownBy(() -> new Host("h", "", Role.SPARE, Map.of("role", "spare"), "", true))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("which is seen, not labelled");
    }

    @Test
    void factsThatContradictThemselvesAreRefused() {
        List<Host> twoSources = new ArrayList<>(Fleets.of(1, 0).hosts());
        twoSources.set(1, Fleets.host("c1-r1", "c1", Role.SOURCE));
        List<Host> twice = new ArrayList<>(Fleets.of(1, 0).hosts());
        twice.add(twice.getFirst());

        assertThatThrownBy(() -> new FleetFacts(twoSources))
                .hasMessageContaining("expected one source of cluster c1, found 2");
        assertThatThrownBy(() -> new FleetFacts(twice)).hasMessageContaining("is there twice");
    }

    @Test
    void thePlanDoesNotDependOnTheOrderOfTheFacts() {
        String digest = resolved(UPGRADE, Fleets.of(3, 2)).digest();
        var random = new Random(11);
        for (int i = 0; i < 20; i++) {
            List<Host> hosts = new ArrayList<>(Fleets.of(3, 2).hosts());
            Collections.shuffle(hosts, random);
            assertThat(resolved(UPGRADE, new FleetFacts(hosts)).digest()).isEqualTo(digest);
        }
    }

    @Test
    void anotherSourceIsAnotherPlan() {
        List<Host> hosts = new ArrayList<>(Fleets.of(3, 2).hosts());
        hosts.set(0, Fleets.host("c1-s", "c1", Role.REPLICA));
        hosts.set(1, Fleets.host("c1-r1", "c1", Role.SOURCE));

        assertThat(resolved(UPGRADE, new FleetFacts(hosts)).digest())
                .isNotEqualTo(resolved(UPGRADE, Fleets.of(3, 2)).digest());
    }

    @Test
    void noHostBeginsBeforeTheOneBeforeItInItsClusterIsThrough() {
        Map<String, String> current = new HashMap<>();
        List<String> done = new ArrayList<>();
        for (PlanStep step : resolved(UPGRADE, Fleets.of(3, 2)).steps()) {
            if (step.isAfterCluster()) {
                continue;
            }
            String before = current.put(step.cluster(), step.host());
            if (before != null && !before.equals(step.host())) {
                done.add(before);
            }
            assertThat(done).doesNotContain(step.host());
        }
    }

    @Test
    void factsSurviveTheirJson() {
        FleetFacts facts = Fleets.of(2, 1);

        assertThat(FleetFacts.parse(facts.json())).isEqualTo(facts);
    }

    @Test
    void factsWithAMissingFieldAreRefused() {
        for (String field : List.of("name", "cluster", "role", "labels", "version", "healthy")) {
            String json = Fleets.of(1, 0).json().replaceFirst("\"" + field + "\":", "\"was\":");
            assertThatThrownBy(() -> FleetFacts.parse(json)).as(field).isInstanceOf(Problem.class);
        }
    }

    @Test
    void aPlanIsAShortMatrix() {
        Plan plan = resolved(UPGRADE, Fleets.of(3, 2));

        assertThat(PlanText.text(plan))
                .isEqualTo(
                        """
                        CHG-2026-0003  digest %s  plan %s   9 hosts  3 clusters  3 sources   expect: ok
                        wave canary   c1: c1-r1 > c1-r2 > [switchover from c1-s] > c1-s > c1-r1 drop-set-aside > c1-r2 drop-set-aside > c1-s drop-set-aside
                        wave second   c2: c2-r1 > c2-r2 > [switchover from c2-s] > c2-s > c2-r1 drop-set-aside > c2-r2 drop-set-aside > c2-s drop-set-aside
                        wave rest     c3: c3-r1 > c3-r2 > [switchover from c3-s] > c3-s > c3-r1 drop-set-aside > c3-r2 drop-set-aside > c3-s drop-set-aside
                        worst PT3H42M, every step at its time limit
                        no way back after: drop-set-aside"""
                                .formatted(
                                        UPGRADE.digest().substring(0, 12),
                                        plan.digest().substring(0, 12)));
    }

    private static Plan resolved(ChangeDirectory change, FleetFacts fleet) {
        assertThat(Plan.resolve(change, fleet)).isInstanceOf(Plan.Result.Resolved.class);
        return ((Plan.Result.Resolved) Plan.resolve(change, fleet)).plan();
    }

    private static List<String> refused(ChangeDirectory change, FleetFacts fleet) {
        assertThat(Plan.resolve(change, fleet)).isInstanceOf(Plan.Result.Refused.class);
        return ((Plan.Result.Refused) Plan.resolve(change, fleet)).reasons();
    }
}
