package io.backstay.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rule holds for the project, and is seen to fail: packages named `offence` break each of
/// them on purpose.
class DependencyRulesTest {
    private static final JavaClasses PROJECT = Project.classes();
    private static final JavaClasses OFFENCES =
            new ClassFileImporter()
                    .withImportOption(location -> location.contains("/offence/"))
                    .importPackages("io.backstay");

    /// A class that breaks the rule, by the rule's name.
    private static final Map<String, String> OFFENDERS =
            Map.of(
                    "binlog uses only what the table allows", "binlog.offence.UsesMysql",
                    "rollout uses only what the table allows", "rollout.offence.UsesGuard",
                    "packages form no cycles", "mysql.offence.egg",
                    "the archive uses no other part of recovery",
                            "recovery.archive.offence.UsesRestore",
                    "nothing in recovery but undo uses restore",
                            "recovery.archive.offence.UsesRestore",
                    "hidden parts are used by their own module", "node.offence.UsesHidden",
                    "only doors calls the kernel", "mysql.offence.CallsTheKernel",
                    "only doors and the wiring start processes", "mysql.offence.StartsAProcess",
                    "change is pure", "change.offence.AsksTheClock",
                    "names say what a thing is", "change.offence.PlanManager");

    static Stream<Map.Entry<String, ArchRule>> rules() {
        return DependencyRules.all().entrySet().stream();
    }

    static Stream<Map.Entry<String, String>> offenders() {
        return OFFENDERS.entrySet().stream();
    }

    @Test
    void theScanSawEveryModule() {
        var counts = new TreeMap<String, Integer>();
        PROJECT.that(resideInAPackage("io.backstay.."))
                .forEach(c -> counts.merge(c.getPackageName().split("\\.")[2], 1, Integer::sum));
        assertThat(counts.keySet()).hasSameElementsAs(Project.MODULES);
        assertThat(PROJECT.size()).isGreaterThan(150);
        assertThat(DependencyRules.MAY_USE.keySet()).hasSameElementsAs(Project.MODULES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theRuleHolds(Map.Entry<String, ArchRule> rule) {
        rule.getValue().check(PROJECT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offenders")
    void theRuleSeesItsOffender(Map.Entry<String, String> offender) {
        ArchRule rule = DependencyRules.all().get(offender.getKey());
        assertThat(rule).as("rule named %s", offender.getKey()).isNotNull();
        assertThatThrownBy(() -> rule.check(OFFENCES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(offender.getValue());
    }

    @Test
    void everyKindOfRuleHasAnOffender() {
        assertThat(DependencyRules.all().keySet())
                .filteredOn(name -> !name.endsWith("uses only what the table allows"))
                .isSubsetOf(OFFENDERS.keySet());
    }
}
