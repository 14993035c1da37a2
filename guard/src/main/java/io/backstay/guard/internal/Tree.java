package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Every entry of a folder, the folder itself first, as found in one walk that follows no link and
/// enters no other file system.
record Tree(Path folder, List<Entry> entries, Set<FileKey> keys) {
    private static final int ENTRIES_MAX = 200_000;
    private static final int S_IFMT = 0xf000;

    /// @param relative to the folder, empty text for itself
    /// @param linkCount number of names the file has anywhere
    record Entry(
            Path path, String relative, FileKey key, Kind kind, int linkCount, long sizeBytes) {
        String name() {
            return String.valueOf(path.getFileName());
        }
    }

    enum Kind {
        FOLDER,
        FILE,
        LINK,
        SOCKET,
        OTHER,
        /// A folder of another file system: something is mounted there.
        MOUNTED
    }

    /// Folder by folder, those of one depth at once.
    static Tree walk(Path folder) throws CannotLookException {
        Entry top = entry(folder, "", -1);
        if (top.kind() != Kind.FOLDER) {
            throw new CannotLookException(folder + " is not a folder", "name a folder");
        }
        long device = top.key().device();
        var entries = new ArrayList<Entry>();
        var found = new AtomicInteger();
        List<Entry> level = List.of(top);
        while (!level.isEmpty()) {
            entries.addAll(level);
            var below = new ArrayList<Entry>();
            List<Entry> folders = level.stream().filter(e -> e.kind() == Kind.FOLDER).toList();
            ManyAtOnce.ask(folders, at -> children(at, device, found)).forEach(below::addAll);
            level = below;
        }
        var keys = new HashSet<FileKey>();
        entries.forEach(entry -> keys.add(entry.key()));
        return new Tree(folder, List.copyOf(entries), Set.copyOf(keys));
    }

    long device() {
        return entries.getFirst().key().device();
    }

    List<Entry> files() {
        return entries.stream().filter(entry -> entry.kind() == Kind.FILE).toList();
    }

    private static List<Entry> children(Entry folder, long device, AtomicInteger found)
            throws CannotLookException {
        var children = new ArrayList<Entry>();
        String before = folder.relative().isEmpty() ? "" : folder.relative() + "/";
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder.path())) {
            for (Path child : paths) {
                if (found.incrementAndGet() >= ENTRIES_MAX) {
                    throw new CannotLookException(
                            "more than %,d entries in all".formatted(ENTRIES_MAX),
                            "name a smaller folder");
                }
                children.add(entry(child, before + child.getFileName(), device));
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw unreadable(folder.path(), e);
        }
        return children;
    }

    private static Entry entry(Path path, String relative, long device) throws CannotLookException {
        Map<String, Object> attributes;
        try {
            attributes =
                    Files.readAttributes(
                            path, "unix:dev,ino,mode,nlink,size", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        FileKey key = FileKey.from(attributes);
        int mode = ((Number) attributes.getOrDefault("mode", 0)).intValue();
        int linkCount = ((Number) attributes.getOrDefault("nlink", 0)).intValue();
        long size = ((Number) attributes.getOrDefault("size", 0L)).longValue();
        Kind kind =
                switch (mode & S_IFMT) {
                    case 0x4000 ->
                            device != -1 && key.device() != device ? Kind.MOUNTED : Kind.FOLDER;
                    case 0x8000 -> Kind.FILE;
                    case 0xa000 -> Kind.LINK;
                    case 0xc000 -> Kind.SOCKET;
                    default -> Kind.OTHER;
                };
        return new Entry(path, relative, key, kind, linkCount, size);
    }

    private static CannotLookException unreadable(Path path, Exception e) {
        if (e instanceof NoSuchFileException) {
            return new CannotLookException(
                    path + " does not exist, or went away while it was looked at",
                    "name an existing folder that nothing changes");
        }
        if (e instanceof AccessDeniedException) {
            return new CannotLookException(path + " may not be read", "run as root");
        }
        return new CannotLookException(
                path + " cannot be read: " + e.getMessage(), "repair the file system");
    }
}
