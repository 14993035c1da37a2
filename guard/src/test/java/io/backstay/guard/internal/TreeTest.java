package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.guard.internal.Tree.Kind;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {
    @TempDir Path folder;

    @Test
    void everyKindIsFoundOnceAndNoLinkIsFollowed() throws Exception {
        Path a = Files.createDirectories(folder.resolve("a"));
        Files.writeString(a.resolve("file"), "12345");
        Files.createLink(folder.resolve("second"), a.resolve("file"));
        Files.createSymbolicLink(folder.resolve("link"), a);
        Commands.run(
                List.of("mkfifo", folder.resolve("pipe").toString()), null, Duration.ofSeconds(60));
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("sock")));
            Tree tree = Tree.walk(folder);
            var kinds = new TreeMap<String, Kind>();
            tree.entries().forEach(entry -> kinds.put(entry.relative(), entry.kind()));
            assertThat(kinds)
                    .containsExactly(
                            java.util.Map.entry("", Kind.FOLDER),
                            java.util.Map.entry("a", Kind.FOLDER),
                            java.util.Map.entry("a/file", Kind.FILE),
                            java.util.Map.entry("link", Kind.LINK),
                            java.util.Map.entry("pipe", Kind.OTHER),
                            java.util.Map.entry("second", Kind.FILE),
                            java.util.Map.entry("sock", Kind.SOCKET));
            assertThat(tree.entries().getFirst().relative()).isEmpty();
            assertThat(tree.device()).isEqualTo(FileKey.of(folder).device());
            assertThat(tree.keys()).contains(FileKey.of(a)).hasSize(6);
            assertThat(tree.files())
                    .hasSize(2)
                    .allSatisfy(
                            file -> {
                                assertThat(file.linkCount()).isEqualTo(2);
                                assertThat(file.sizeBytes()).isEqualTo(5);
                            })
                    .extracting(Tree.Entry::name)
                    .containsExactlyInAnyOrder("file", "second");
        }
    }

    @Test
    void whatIsNoFolderOrIsNotThereIsBlind() throws Exception {
        Path file = Files.createFile(folder.resolve("f"));
        assertThatThrownBy(() -> Tree.walk(file))
                .isInstanceOf(CannotLookException.class)
                .hasMessage(file + " is not a folder");
        assertThatThrownBy(() -> Tree.walk(folder.resolve("gone")))
                .hasMessage(
                        "%s does not exist, or went away while it was looked at",
                        folder.resolve("gone"));
    }
}
