package io.backstay.cli.faults;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The drills' results as a Markdown table inside a document, between two lines that mark its
/// place.
public final class DrillTable {
    private static final String BEGIN = "<!-- drills: written by make guard-table -->\n";
    private static final String END = "<!-- end of drills -->\n";

    private DrillTable() {}

    /// Replaces what stands between the marks. A [Problem] if the document lacks them.
    public static void write(Path document, List<FaultResult> results) {
        try {
            Disk.writeAtomically(document, within(Files.readString(document), results));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String within(String document, List<FaultResult> results) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "the document has no place for the drills",
                    "put these two lines where they belong: "
                            + BEGIN.strip()
                            + " and "
                            + END.strip());
        }
        return document.substring(0, begin + BEGIN.length())
                + "\n"
                + of(results)
                + "\n"
                + document.substring(end);
    }

    static String of(List<FaultResult> results) {
        var text =
                new StringBuilder(
                        """
                        | Drill | Fault | Script, all well | Script, fault | Guard |
                        | --- | --- | --- | --- | --- |
                        """);
        for (FaultResult result : results) {
            String guard = result.guard().replace("|", "\\|").replace("\n", " ");
            text.append(
                    "| %s | %s | %s | %s | %s%s |\n"
                            .formatted(
                                    result.id(),
                                    result.fault(),
                                    result.control(),
                                    result.naive(),
                                    result.outcome().equals("passed")
                                            ? ""
                                            : result.outcome() + ": ",
                                    guard));
        }
        return text.toString();
    }
}
