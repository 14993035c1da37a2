package io.backstay.guard.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// What PIT's `mutations.xml` says of each of its mutants.
final class PitMutants {
    private static final String PACKAGE = "io.backstay.guard.";

    /// @param key class, method, mutator and the how-manieth of its kind in that method: stays the
    ///   same when lines move
    /// @param status PIT's word: `KILLED`, `TIMED_OUT`, `SURVIVED`, `NO_COVERAGE`, others
    record Mutant(String key, String type, int line, String what, String status) {
        boolean isKilled() {
            return status.equals("KILLED") || status.equals("TIMED_OUT");
        }
    }

    private record Raw(
            String type,
            String method,
            String mutator,
            int line,
            int index,
            String what,
            String status) {
        String kind() {
            return "%s.%s %s".formatted(type, method, mutator);
        }
    }

    private PitMutants() {}

    static List<Mutant> read(Path report) {
        var raw = new ArrayList<Raw>();
        try (var in = Files.newInputStream(report)) {
            var mutations =
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(in)
                            .getElementsByTagName("mutation");
            for (int i = 0; i < mutations.getLength(); i++) {
                raw.add(raw((Element) mutations.item(i)));
            }
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(report + " cannot be read", e);
        }
        raw.sort(
                Comparator.comparing(Raw::kind)
                        .thenComparingInt(Raw::line)
                        .thenComparingInt(Raw::index));
        Map<String, Integer> counts = new HashMap<>();
        return raw.stream()
                .map(
                        one ->
                                new Mutant(
                                        one.kind()
                                                + " "
                                                + counts.merge(one.kind(), 1, Integer::sum),
                                        one.type(),
                                        one.line(),
                                        one.what(),
                                        one.status()))
                .toList();
    }

    private static Raw raw(Element mutation) {
        String mutator = text(mutation, "mutator");
        return new Raw(
                text(mutation, "mutatedClass").replaceFirst("^" + PACKAGE, ""),
                text(mutation, "mutatedMethod"),
                mutator.substring(mutator.lastIndexOf('.') + 1).replaceFirst("Mutator", ""),
                Integer.parseInt(text(mutation, "lineNumber")),
                Integer.parseInt(text(mutation, "index")),
                text(mutation, "description"),
                mutation.getAttribute("status"));
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }
}
