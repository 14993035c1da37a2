package io.backstay.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may depend on whom, as ARCHITECTURE.md shows it.
class DependencyRulesTest {
    private static final JavaClasses CLASSES = Project.classes();

    /// The module table: what is not named here is forbidden.
    static final Map<String, Set<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry("doors", Set.of()),
                    Map.entry("ledger", Set.of("doors")),
                    Map.entry("binlog", Set.of()),
                    Map.entry("mysql", Set.of("doors", "binlog")),
                    Map.entry("lab", Set.of("doors")),
                    Map.entry("recovery", Set.of("doors", "binlog", "mysql", "ledger")),
                    Map.entry("guard", Set.of("doors", "binlog", "mysql", "ledger")),
                    Map.entry("change", Set.of("ledger")),
                    Map.entry("rollout", Set.of("doors", "change", "mysql", "binlog", "recovery", "ledger", "lab")),
                    Map.entry("node", Set.of("doors", "ledger", "binlog", "mysql", "lab", "recovery", "guard", "change", "rollout")),
                    Map.entry("cli", Set.copyOf(Project.MODULES)));

    static Stream<String> modules() {
        return Project.MODULES.stream();
    }

    @Test
    void theScanSawEveryModule() {
        var counts = new TreeMap<String, Integer>();
        CLASSES.forEach(c -> counts.merge(moduleOf(c), 1, Integer::sum));
        assertThat(counts.keySet()).containsAll(Project.MODULES);
        assertThat(CLASSES.size()).isGreaterThan(120);
        assertThat(MAY_USE.keySet()).hasSameElementsAs(Project.MODULES);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesOnlyWhatTheTableAllows(String module) {
        String[] forbidden =
                Project.MODULES.stream()
                        .filter(other -> !other.equals(module) && !MAY_USE.get(module).contains(other))
                        .map(other -> "io.backstay." + other + "..")
                        .toArray(String[]::new);
        if (forbidden.length > 0) {
            noClasses().that().resideInAPackage("io.backstay." + module + "..")
                    .should().dependOnClassesThat().resideInAnyPackage(forbidden)
                    .check(CLASSES);
        }
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("io.backstay.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void recoverysArchiveUsesNoOtherPartOfRecovery() {
        noClasses().that().resideInAPackage("io.backstay.recovery.archive..")
                .should().dependOnClassesThat(resideInAPackage("io.backstay.recovery..").and(not("io.backstay.recovery.archive..")))
                .check(CLASSES);
    }

    @Test
    void nothingInRecoveryUsesRestore() {
        noClasses().that().resideInAPackage("io.backstay.recovery..").and().resideOutsideOfPackage("io.backstay.recovery.restore..")
                .should().dependOnClassesThat().resideInAPackage("io.backstay.recovery.restore..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void aHiddenPartIsUsedByItsOwnModuleOnly() {
        for (String module : Project.MODULES) {
            noClasses().that().resideOutsideOfPackage("io.backstay." + module + "..")
                    .should().dependOnClassesThat().resideInAnyPackage("io.backstay." + module + ".internal..", "io.backstay." + module + ".*.internal..")
                    .check(CLASSES);
        }
    }

    @Test
    void onlyDoorsCallsTheKernel() {
        noClasses().that().resideOutsideOfPackage("io.backstay.doors..")
                .should().dependOnClassesThat(foreignFunctions())
                .check(CLASSES);
    }

    @Test
    void onlyDoorsAndTheWiringStartProcesses() {
        noClasses().that().resideOutsideOfPackages("io.backstay.doors..", "io.backstay.lab..", "io.backstay.node..", "io.backstay.cli..")
                .should().dependOnClassesThat().haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould().callMethod(Runtime.class, "exec", String[].class)
                .orShould().callMethod(Runtime.class, "exec", String.class)
                .check(CLASSES);
    }

    @Test
    void changeTouchesNeitherClockNorDiskNorNetwork() {
        noClasses().that().resideInAPackage("io.backstay.change..")
                .should().callMethod(java.time.Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().dependOnClassesThat().resideInAnyPackage("java.net..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses().that().resideInAPackage("io.backstay..")
                .should().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Helper").orShould().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Impl")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> foreignFunctions() {
        return resideInAnyPackage("java.lang.foreign..").and(
                DescribedPredicate.describe("link native functions", c -> Set.of("Linker", "SymbolLookup", "FunctionDescriptor").contains(c.getSimpleName())));
    }

    private static DescribedPredicate<JavaClass> not(String packages) {
        return DescribedPredicate.not(resideInAPackage(packages));
    }

    private static String moduleOf(JavaClass found) {
        String[] parts = found.getPackageName().split("\\.");
        return parts.length < 3 ? found.getPackageName() : parts[2];
    }
}
