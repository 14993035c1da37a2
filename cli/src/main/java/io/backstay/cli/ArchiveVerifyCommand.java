package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "verify",
        description = "Read every byte of an archive again and hold it against its checksums.",
        footer = {
            "",
            "Sound bytes are no proof that a restore works: only a restore that was run is.",
            "Exit codes: 0 sound, 1 damage or a gap (each named), 2 no archive there, or a damaged manifest."
        })
final class ArchiveVerifyCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Override
    public Integer call() {
        var report =
                new ArchiveVerifier(
                                Archive.open(archive.address()),
                                part -> console.say("reading " + part))
                        .verify();
        var text = new StringBuilder();
        report.damages().forEach(damage -> text.append(damage).append('\n'));
        text.append(
                "%d parts, %.1f MB read: %s"
                        .formatted(
                                report.parts(),
                                report.bytes() / 1e6,
                                report.isSound() ? "sound" : report.damages().size() + " damaged"));
        console.result(text.toString(), () -> document(report));
        return report.isSound() ? 0 : ErrorCode.FAILED.exitCode();
    }

    private static Map<String, Object> document(ArchiveVerifier.Report report) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("parts", report.parts());
        document.put("bytes", report.bytes());
        document.put("sound", report.isSound());
        document.put("damages", report.damages());
        return document;
    }
}
