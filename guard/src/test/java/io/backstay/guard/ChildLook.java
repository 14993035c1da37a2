package io.backstay.guard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One look at one folder in a process of its own, started with less than it needs. Prints each
/// finding's kind, probe and reason, and the verdict last.
final class ChildLook {
    private ChildLook() {}

    public static void main(String[] words) {
        Guard guard =
                words.length > 2
                        ? Guard.ofThisHost(Duration.ofMillis(Long.parseLong(words[2])))
                        : Guard.ofThisHost();
        GuardAnswer answer =
                guard.check(
                        new GuardRequest(
                                "wipe",
                                new Target.PathTarget(Path.of(words[0])),
                                HostView.unconfigured(Path.of(words[1]))));
        said(answer).forEach(System.out::println);
        System.exit(0); // a probe that hangs does not keep it
    }

    static List<String> said(GuardAnswer answer) {
        var lines = new ArrayList<String>();
        for (Finding finding : answer.findings()) {
            String said =
                    switch (finding) {
                        case Finding.Live live -> "live " + live.probe() + " " + live.evidence();
                        case Finding.Blind blind -> "blind " + blind.probe() + " " + blind.reason();
                        case Finding.Clear clear -> "clear " + clear.probe();
                    };
            lines.add(said.lines().findFirst().orElseThrow());
        }
        lines.add(answer.isCleared() ? "CLEARED" : "REFUSED");
        return lines;
    }
}
