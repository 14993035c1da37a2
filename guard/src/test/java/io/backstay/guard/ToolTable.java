package io.backstay.guard;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Situation by tool, as a Markdown table inside a document, between two lines that mark its place.
final class ToolTable {
    private static final String BEGIN = "<!-- tools: written by make tool-table -->\n";
    private static final String END = "<!-- end of tools -->\n";

    private record Line(Map<String, String> tools, String guard) {}

    private final Map<String, Line> lines = new LinkedHashMap<>();

    void add(String situation, Map<String, String> tools, String guard) {
        lines.put(situation, new Line(tools, guard));
    }

    String text() {
        List<String> tools = UsualChecks.names();
        var text = new StringBuilder();
        text.append("| Situation | ").append(String.join(" | ", tools)).append(" | Backstay |\n");
        text.append("| --- ".repeat(tools.size() + 2)).append("|\n");
        lines.forEach(
                (situation, line) -> {
                    text.append("| ").append(situation);
                    for (String tool : tools) {
                        text.append(" | ").append(line.tools().get(tool));
                    }
                    text.append(" | ").append(line.guard()).append(" |\n");
                });
        return text.toString();
    }

    void write(Path document) throws IOException {
        String all = Files.readString(document);
        int begin = all.indexOf(BEGIN);
        int end = all.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(
                    document + " has no place for the table: " + BEGIN.strip());
        }
        Disk.writeAtomically(
                document,
                all.substring(0, begin + BEGIN.length())
                        + "\n"
                        + text()
                        + "\n"
                        + all.substring(end));
    }
}
