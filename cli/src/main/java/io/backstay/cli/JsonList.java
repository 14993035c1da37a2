package io.backstay.cli;

import io.backstay.doors.Problem;
import java.util.Map;

/// One JSON document with a list that is too long to be kept: written item by item, a line each.
///
/// `{"schemaVersion":1,"NAME":[` items `]` and, at the end, further fields `}`. A document that
/// breaks off in its middle is closed with the error in it.
final class JsonList {
    private final Console console;
    private boolean isFirst = true;

    JsonList(Console console, String name) {
        this.console = console;
        console.resultJson("{\"schemaVersion\":1,\"" + name + "\":[");
    }

    void add(Object item) {
        console.resultJson((isFirst ? " " : ",") + JsonDocument.write(item));
        isFirst = false;
    }

    void end(Map<String, Object> fields) {
        console.resultJson(fields.isEmpty() ? "]}" : "]," + inside(fields) + "}");
    }

    /// @return the exit code that stands for the problem
    int end(Problem problem) {
        CommandError error = CommandError.of(problem);
        console.resultJson("]," + error.json().substring("{\"schemaVersion\":1,".length()));
        return error.exit();
    }

    private static String inside(Map<String, Object> fields) {
        String object = JsonDocument.write(fields);
        return object.substring(1, object.length() - 1);
    }
}
