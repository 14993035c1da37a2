package io.backstay.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Who may depend on whom, as ARCHITECTURE.md shows it, by name of the rule.
final class DependencyRules {
    /// The module table: what is not named here is forbidden. Rollout reaches the guard only
    /// through its own protocol.
    static final Map<String, Set<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry("doors", Set.of()),
                    Map.entry("ledger", Set.of("doors")),
                    Map.entry("binlog", Set.of("doors")),
                    Map.entry("mysql", Set.of("doors", "binlog")),
                    Map.entry("lab", Set.of("doors")),
                    Map.entry("recovery", Set.of("doors", "binlog", "mysql", "ledger")),
                    Map.entry("guard", Set.of("doors", "binlog", "mysql", "ledger")),
                    Map.entry("change", Set.of("doors", "ledger")),
                    Map.entry(
                            "rollout",
                            Set.of(
                                    "doors",
                                    "ledger",
                                    "binlog",
                                    "mysql",
                                    "lab",
                                    "recovery",
                                    "change")),
                    Map.entry(
                            "node",
                            Set.of(
                                    "doors",
                                    "ledger",
                                    "binlog",
                                    "mysql",
                                    "lab",
                                    "recovery",
                                    "guard",
                                    "change",
                                    "rollout")),
                    Map.entry("cli", Set.copyOf(Project.MODULES)));

    private DependencyRules() {}

    static Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        for (String module : Project.MODULES) {
            if (!module.equals("cli")) {
                rules.put(module + " uses only what the table allows", direction(module));
            }
        }
        rules.put(
                "packages form no cycles",
                slices().assignedFrom(PACKAGES).should().beFreeOfCycles());
        rules.put(
                "the archive uses no other part of recovery",
                noClasses()
                        .that()
                        .resideInAPackage("io.backstay.recovery.archive..")
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage("io.backstay.recovery..")
                                        .and(
                                                resideOutsideOfPackage(
                                                        "io.backstay.recovery.archive.."))));
        rules.put(
                "nothing in recovery but undo uses restore",
                noClasses()
                        .that(
                                resideInAPackage("io.backstay.recovery..")
                                        .and(
                                                resideOutsideOfPackages(
                                                        "io.backstay.recovery.restore..",
                                                        "io.backstay.recovery.undo..")))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.backstay.recovery.restore.."));
        rules.put(
                "hidden parts are used by their own module",
                classes().should(useOnlyTheirOwnHiddenParts()));
        rules.put(
                "only doors calls the kernel",
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.backstay.doors..")
                        .should()
                        .dependOnClassesThat(NATIVE));
        rules.put(
                "only doors and the wiring start processes",
                noClasses()
                        .that(
                                resideOutsideOfPackage("io.backstay.doors..")
                                        .and(resideOutsideOfPackage("io.backstay.lab.."))
                                        .and(resideOutsideOfPackage("io.backstay.node.."))
                                        .and(resideOutsideOfPackage("io.backstay.cli.."))
                                        .and(DECOYS))
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.lang.ProcessBuilder")
                        .orShould()
                        .callMethod(Runtime.class, "exec", String[].class)
                        .orShould()
                        .callMethod(Runtime.class, "exec", String.class));
        rules.put(
                "change is pure",
                noClasses()
                        .that()
                        .resideInAPackage("io.backstay.change..")
                        .should()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.net..", "java.sql.."));
        rules.put(
                "names say what a thing is",
                noClasses()
                        .that()
                        .resideInAPackage("io.backstay..")
                        .should()
                        .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)"));
        return rules;
    }

    private static ArchRule direction(String module) {
        String[] forbidden =
                Project.MODULES.stream()
                        .filter(
                                other ->
                                        !other.equals(module)
                                                && !MAY_USE.get(module).contains(other))
                        .map(other -> "io.backstay." + other + "..")
                        .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.backstay." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> useOnlyTheirOwnHiddenParts() {
        return new ArchCondition<>("use only the hidden parts of their own module") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                for (Dependency use : user.getDirectDependenciesFromSelf()) {
                    String name = use.getTargetClass().getPackageName();
                    if (name.startsWith("io.backstay.")
                            && name.contains(".internal")
                            && !moduleOf(name).equals(moduleOf(user.getPackageName()))) {
                        events.add(SimpleConditionEvent.violated(user, use.getDescription()));
                    }
                }
            }
        };
    }

    private static String moduleOf(String packageName) {
        return packageName.split("\\.")[2];
    }

    private static final DescribedPredicate<JavaClass> NATIVE =
            DescribedPredicate.describe(
                    "link native functions",
                    c ->
                            Set.of(
                                            "java.lang.foreign.Linker",
                                            "java.lang.foreign.SymbolLookup",
                                            "java.lang.foreign.FunctionDescriptor")
                                    .contains(c.getName()));

    /// The guard's decoys are live processes that its probes must find: no door runs a process that
    /// way.
    private static final DescribedPredicate<JavaClass> DECOYS =
            DescribedPredicate.describe(
                    "are not the guard's decoys",
                    c -> !c.getName().startsWith("io.backstay.guard.internal.Decoys"));

    /// A hidden part belongs to the package that hides it.
    private static final SliceAssignment PACKAGES =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass found) {
                    String name = found.getPackageName();
                    return name.startsWith("io.backstay.")
                            ? SliceIdentifier.of(name.replaceFirst("\\.internal\\b", ""))
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "packages of io.backstay";
                }
            };
}
