package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessReaderTest {
    @TempDir private Path proc;

    @Test
    void whatIsNotThereHasEnded() {
        assertThat(ProcessReader.read(proc, 7)).isEmpty();
    }

    /// As a security module does that lets nobody look: the folder is there, its stat is not.
    @Test
    void whatIsThereAndCannotBeReadHasNotEnded() throws IOException {
        Files.createDirectories(proc.resolve("7/stat"));
        List<ProcessFacts> read = ProcessReader.read(proc, 7);
        assertThat(read).singleElement().satisfies(p -> assertThat(p.unreadable()).isNotEmpty());
        assertThat(read.getFirst().pid()).isEqualTo(7);
        Files.delete(proc.resolve("7/stat"));
        assertThat(ProcessReader.read(proc, 7)).hasSize(1);
    }

    @Test
    void threadsThatCannotBeListedHaveNotEnded() throws IOException {
        Path folder = Files.createDirectories(proc.resolve("7"));
        // a zombie with two threads: they speak for it
        Files.writeString(
                folder.resolve("stat"),
                "7 (mysqld) Z 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 2 0 99 0 0\n");
        Files.writeString(folder.resolve("task"), "no folder");
        assertThat(ProcessReader.read(proc, 7))
                .singleElement()
                .satisfies(
                        p ->
                                assertThat(p.unreadable())
                                        .singleElement()
                                        .asString()
                                        .contains("task"));
    }
}
