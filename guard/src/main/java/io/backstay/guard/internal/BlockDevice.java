package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One block device as sysfs shows it, with its partitions.
///
/// @param number as `st_rdev` gives it
/// @param sysfs its real folder, whose path tells by what it is attached
/// @param startBytes on its disk; 0 for a whole disk
record BlockDevice(
        String name,
        Path node,
        long number,
        Path sysfs,
        long startBytes,
        long sizeBytes,
        List<BlockDevice> partitions) {
    private static final int SECTOR = 512; // of sysfs, whatever the device's own is

    /// @param node of the device; a link is followed
    static BlockDevice of(Path node) throws CannotLookException {
        try {
            long number = FileKey.blockDevice(Files.readAttributes(node, "unix:mode,rdev"));
            if (number == 0) {
                throw new CannotLookException(
                        node + " is not a block device", "name a block device");
            }
            return read(node, ofNumber(number));
        } catch (IOException e) {
            throw unreadable(node, e);
        }
    }

    /// Every disk of this machine that has a medium.
    static List<BlockDevice> all() throws CannotLookException {
        var all = new ArrayList<BlockDevice>();
        try (DirectoryStream<Path> disks = Files.newDirectoryStream(Path.of("/sys/block"))) {
            for (Path disk : disks) {
                Path node = Path.of("/dev", String.valueOf(disk.getFileName()).replace('!', '/'));
                if (number(disk.resolve("size")) > 0) {
                    all.add(read(node, disk.toRealPath()));
                }
            }
        } catch (IOException e) {
            throw unreadable(Path.of("/sys/block"), e);
        }
        return all;
    }

    private static Path ofNumber(long number) throws IOException {
        return Path.of(
                        "/sys/dev/block",
                        "%d:%d".formatted(FileKey.major(number), FileKey.minor(number)))
                .toRealPath();
    }

    private static BlockDevice read(Path node, Path sysfs) throws IOException {
        var partitions = new ArrayList<BlockDevice>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(sysfs, Files::isDirectory)) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve("partition"))) {
                    Path part = node.resolveSibling(String.valueOf(folder.getFileName()));
                    partitions.add(read(part, folder.toRealPath()));
                }
            }
        }
        long number = numberIn(sysfs.resolve("dev"));
        if (FileKey.blockDevice(Files.readAttributes(node, "unix:mode,rdev")) != number) {
            // what is opened by this name would be another one
            throw new IOException(
                    "%s is not device %d:%d"
                            .formatted(node, FileKey.major(number), FileKey.minor(number)));
        }
        Path start = sysfs.resolve("start");
        return new BlockDevice(
                String.valueOf(sysfs.getFileName()),
                node,
                number,
                sysfs,
                Files.exists(start) ? number(start) * SECTOR : 0,
                number(sysfs.resolve("size")) * SECTOR,
                List.copyOf(partitions));
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /// Itself first, then its partitions.
    List<BlockDevice> family() {
        return Stream.concat(Stream.of(this), partitions.stream()).toList();
    }

    Set<Long> numbers() {
        return family().stream().map(BlockDevice::number).collect(Collectors.toSet());
    }

    /// The number of the disk that it is a partition of; empty for a whole disk.
    Optional<Long> wholeDisk() throws CannotLookException {
        Path disk = sysfs.resolveSibling("dev");
        if (!Files.exists(sysfs.resolve("partition"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(numberIn(disk));
        } catch (IOException e) {
            throw unreadable(disk, e);
        }
    }

    private static long numberIn(Path dev) throws IOException {
        String[] numbers = Files.readString(dev).strip().split(":");
        return FileKey.device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /// Devices that are made of this one, by name.
    static Set<String> madeOf(Path sysfs, String relation) throws CannotLookException {
        var names = new TreeSet<String>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(sysfs.resolve(relation))) {
            links.forEach(link -> names.add(String.valueOf(link.getFileName())));
        } catch (NoSuchFileException e) {
            return names;
        } catch (IOException e) {
            throw unreadable(sysfs, e);
        }
        return names;
    }

    /// By what other machines may reach it too, or what of it cannot be seen from here; empty text
    /// for a disk of this machine's own. What it is made of counts as well.
    String sharedBy() throws CannotLookException {
        String path = sysfs.toString();
        if (path.contains("/session")) {
            return "iSCSI";
        }
        if (path.contains("/rport-")) {
            return "fibre channel";
        }
        if (path.contains("/nvme-fabrics/") || path.contains("/nvme-subsystem/")) {
            return "NVMe over fabrics, or with several paths";
        }
        for (String kind : List.of("drbd", "nbd", "rbd", "zd")) {
            if (name.matches(kind + "\\d+.*")) {
                return kind;
            }
        }
        try {
            Path uuid = sysfs.resolve("dm/uuid");
            if (Files.exists(uuid) && Files.readString(uuid).contains("mpath-")) {
                return "multipath";
            }
        } catch (IOException e) {
            throw unreadable(sysfs, e);
        }
        for (String below : madeOf(sysfs, "slaves")) {
            String shared = of(Path.of("/dev", below)).sharedBy();
            if (!shared.isEmpty()) {
                return shared + ", below it";
            }
        }
        return "";
    }

    private static CannotLookException unreadable(Path what, IOException e) {
        return new CannotLookException(
                what + " cannot be looked at: " + e.getMessage(), "run as root, with /sys mounted");
    }
}
