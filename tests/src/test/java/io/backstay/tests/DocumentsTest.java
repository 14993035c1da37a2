package io.backstay.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.backstay.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The documents say what is there.
class DocumentsTest {
    private static final Pattern TYPE_IN_TICKS = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)`");
    private static final Pattern VERB_IN_README =
            Pattern.compile("\\./backstay ([a-z]+)(?: ([a-z]+))?");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.$}])/(home|root|Users|work|tmp/(wt|brief|backstay-home))/");

    @Test
    void everyTypeNamedInArchitectureMdExists() {
        assertThat(typesNamedIn("ARCHITECTURE.md"))
                .hasSizeGreaterThan(10)
                .isSubsetOf(typesThatExist());
    }

    @Test
    void everyTypeNamedInGlossaryMdExists() {
        assertThat(typesNamedIn("GLOSSARY.md")).isNotEmpty().isSubsetOf(typesThatExist());
    }

    @Test
    void everyModuleHasItsLineInArchitectureMd() {
        String text = Project.text("ARCHITECTURE.md");
        assertThat(Project.MODULES)
                .allSatisfy(module -> assertThat(text).contains("| `" + module + "` |"));
    }

    @Test
    void architectureMdAllowsWhatTheRulesAllow() {
        for (String module : Project.MODULES) {
            String row =
                    Project.text("ARCHITECTURE.md")
                            .lines()
                            .filter(l -> l.startsWith("| `" + module + "` |"))
                            .findFirst()
                            .orElseThrow();
            String uses = row.split("\\|")[3].strip();
            Set<String> named =
                    uses.equals("nothing")
                            ? Set.of()
                            : uses.equals("all above")
                                    ? Set.copyOf(
                                            Project.MODULES.subList(
                                                    0, Project.MODULES.indexOf(module)))
                                    : Set.of(uses.split(", "));
            assertThat(named)
                    .as("%s may use", module)
                    .isEqualTo(without(DependencyRules.MAY_USE.get(module), module));
        }
    }

    @Test
    void everyVerbInReadmeExists() {
        var unknown = new ArrayList<String>();
        var found = VERB_IN_README.matcher(Project.text("README.md"));
        int count = 0;
        while (found.find()) {
            count++;
            CommandLine verb = Main.commandLine().getSubcommands().get(found.group(1));
            if (verb == null
                    || (!verb.getSubcommands().isEmpty()
                            && !verb.getSubcommands()
                                    .containsKey(String.valueOf(found.group(2))))) {
                unknown.add(found.group());
            }
        }
        assertThat(count).isGreaterThan(1);
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyVerbThatExistsIsInReadme() {
        String readme = Project.text("README.md");
        assertThat(verbs(Main.commandLine(), ""))
                .isNotEmpty()
                .allSatisfy(verb -> assertThat(readme).contains("./backstay " + verb));
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        var silent = new ArrayList<Path>();
        for (String module : Project.MODULES) {
            for (Path source : Project.sourcesBelow(module + "/src/main/java")) {
                Path info = source.resolveSibling("package-info.java");
                if (!Files.exists(info)
                        || !Files.readString(info).startsWith("///")
                        || !Files.readString(info).contains("@NullMarked")) {
                    silent.add(info);
                }
            }
        }
        assertThat(silent.stream().distinct()).isEmpty();
    }

    @Test
    void wordsThatTheGlossaryRulesOutNameNoType() {
        List<String> ruledOut =
                List.of(
                        "Slave",
                        "Master",
                        "Primary",
                        "Standby",
                        "Shard",
                        "Ticket",
                        "Rollback",
                        "Inventory",
                        "Coordinates");
        assertThat(typesThatExist()).noneMatch(type -> ruledOut.stream().anyMatch(type::contains));
    }

    @Test
    void noFileNamesAPathOfSomebodysMachine() throws IOException {
        List<String> tracked = Project.trackedFiles();
        Assumptions.assumeFalse(tracked.isEmpty(), "NOT RUN: this copy is no git repository");
        var guilty = new TreeSet<String>();
        for (String file : tracked) {
            Path path = Project.ROOT.resolve(file);
            boolean isThis = file.endsWith("DocumentsTest.java");
            if (!isThis
                    && Files.isRegularFile(path)
                    && Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1)
                            .lines()
                            .anyMatch(l -> MACHINE_PATH.matcher(l).find())) {
                guilty.add(file);
            }
        }
        assertThat(guilty).isEmpty();
    }

    private static Set<String> typesNamedIn(String document) {
        return TYPE_IN_TICKS
                .matcher(Project.text(document))
                .results()
                .map(r -> r.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> typesThatExist() {
        return Project.classes().stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
    }

    private static Set<String> without(Set<String> all, String one) {
        return all.stream().filter(other -> !other.equals(one)).collect(Collectors.toSet());
    }

    private static List<String> verbs(CommandLine line, String before) {
        return line.getSubcommands().entrySet().stream()
                .flatMap(
                        e ->
                                e.getValue().getSubcommands().isEmpty()
                                        ? Stream.of(before + e.getKey())
                                        : verbs(e.getValue(), before + e.getKey() + " ").stream())
                .toList();
    }
}
