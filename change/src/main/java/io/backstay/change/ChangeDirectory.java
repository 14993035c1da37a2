package io.backstay.change;

import io.backstay.change.yaml.Fault;
import io.backstay.change.yaml.FaultyFileException;
import io.backstay.change.yaml.YamlText;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A change as it was read, once: its file, and the digest of every byte in its directory.
///
/// The digest is SHA-256 over one line a file, `SHA256 SIZE PATH` and a line feed, sorted; PATH is
/// relative, with `/`. Links and other things that are no plain files are refused, so that nothing
/// outside the directory can be part of a change. At most 1000 files of at most 16 MiB.
///
/// @param digest 64 hexadecimal digits
/// @param fileDigests SHA-256 of each file by its relative path
public record ChangeDirectory(
        Path folder, Change change, String digest, SortedMap<String, String> fileDigests) {
    public static final String CHANGE_FILE = "change.yaml";
    private static final int FILES_MAX = 1000;
    private static final long FILE_BYTES_MAX = 16L << 20;

    /// Reads a change.
    ///
    /// @throws FaultyFileException with every fault of `change.yaml`
    /// @throws Problem if the directory is not one of plain files
    public static ChangeDirectory load(Path folder) {
        SortedMap<String, byte[]> contents = contents(folder);
        byte[] file = contents.get(CHANGE_FILE);
        if (file == null) {
            throw bad(
                    folder,
                    "expected a file change.yaml, found none",
                    "A change is a directory: change.yaml and the files it names.");
        }
        String name = folder.resolve(CHANGE_FILE).toString();
        List<Fault> faults = new ArrayList<>();
        Change change =
                new ChangeReader(contents.keySet())
                        .read(name, YamlText.parse(name, utf8(folder, file)), faults);
        if (!faults.isEmpty()) {
            throw new FaultyFileException(
                    name, faults.stream().distinct().sorted(Fault.IN_ORDER).toList());
        }
        SortedMap<String, String> digests = new TreeMap<>();
        contents.forEach((path, content) -> digests.put(path, Disk.sha256(content)));
        return new ChangeDirectory(folder, change, digest(contents), digests);
    }

    private static String digest(SortedMap<String, byte[]> contents) {
        return Disk.sha256(
                contents.entrySet().stream()
                        .map(
                                e ->
                                        "%s %d %s\n"
                                                .formatted(
                                                        Disk.sha256(e.getValue()),
                                                        e.getValue().length,
                                                        e.getKey()))
                        .sorted()
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static SortedMap<String, byte[]> contents(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw bad(
                    folder,
                    "expected a directory",
                    "A change is a directory: change.yaml and the files it names.");
        }
        SortedMap<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.skip(1)::iterator) {
                String name = folder.relativize(path).toString();
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw bad(
                            folder,
                            "expected plain files, found a link or device: " + name,
                            "Copy the file itself into the directory.");
                }
                if (name.chars().anyMatch(Character::isISOControl)) {
                    throw bad(folder, "a file name with control characters", "Rename it.");
                }
                if (Files.size(path) > FILE_BYTES_MAX || contents.size() == FILES_MAX) {
                    throw bad(
                            folder,
                            "expected at most %d files of at most %d bytes, found more: %s"
                                    .formatted(FILES_MAX, FILE_BYTES_MAX, name),
                            "Keep only what the change needs.");
                }
                contents.put(name, Files.readAllBytes(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    private static String utf8(Path folder, byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw bad(
                    folder,
                    "expected change.yaml in UTF-8, found other bytes",
                    "Save it as UTF-8.");
        }
    }

    private static Problem bad(Path folder, String what, String hint) {
        return new Problem(
                ErrorCode.BAD_FILE, "cannot read the change %s: %s".formatted(folder, what), hint);
    }
}
