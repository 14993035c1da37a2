package io.backstay.node.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestroyMarkTest {
    @TempDir Path folder;
    private Path tree;

    @BeforeEach
    void make() throws IOException {
        tree = Files.createDirectories(folder.resolve("data.aside"));
        Files.createDirectories(tree.resolve("shop"));
        Files.writeString(tree.resolve("shop").resolve("orders.ibd"), "rows");
        Files.writeString(tree.resolve("ibdata1"), "pages");
    }

    @Test
    void aWholeDirectoryIsDestroyedWithItsMark() throws Exception {
        DestroyMark.destroy(tree);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theMarkIsThereBeforeTheFirstFileGoesAndStaysIfOneCannotGo() {
        assertThatThrownBy(
                        () ->
                                DestroyMark.destroy(
                                        tree,
                                        entry -> {
                                            assertThat(DestroyMark.isSet(tree)).isTrue();
                                            if (entry.endsWith("shop")) {
                                                throw new UncheckedIOException(
                                                        new IOException("input/output error"));
                                            }
                                            Disk.deleteTree(entry);
                                        }))
                .hasMessageContaining("input/output error");

        assertThat(DestroyMark.isSet(tree)).isTrue();
        assertThat(tree.resolve("shop")).exists();
    }

    @Test
    void aDirectoryThatNobodyBeganToDestroyIsNotMarked() {
        assertThat(DestroyMark.isSet(tree)).isFalse();
    }
}
