package io.backstay.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillEntryTest {
    @TempDir Path folder;

    @Test
    void aFolderWithSomeoneElsesFilesIsRefusedWithNothingTouched() throws Exception {
        Path archives = Files.createDirectory(folder.resolve("archives"));
        Files.writeString(archives.resolve("precious"), "");

        assertThatThrownBy(() -> entry().play())
                .isInstanceOf(Problem.class)
                .hasMessage(
                        """
                        cannot play in %s: expected an empty folder or one of an earlier drill (with a drill.json), found archives
                        HINT: name a folder that does not exist yet with --dir."""
                                .formatted(folder));
        assertThat(archives.resolve("precious")).exists();
        assertThat(folder.toFile().list()).containsExactly("archives");
    }

    private DrillEntry entry() {
        return new DrillEntry(
                folder,
                1_000,
                1,
                42,
                null,
                List.of(1),
                List.of("pipe"),
                13399,
                false,
                false,
                SILENT);
    }

    private static final Talk SILENT =
            new Talk() {
                @Override
                public void act(int number, String title) {}

                @Override
                public void step(String what) {}

                @Override
                public void found(String what) {}
            };
}
