package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// The file `manifest.json`, replaced as a whole.
///
/// | Line | Content |
/// | --- | --- |
/// | 1 | the [Manifest] as JSON, UTF-8, without a line break in it |
/// | 2 | `sha256 ` and the SHA-256 of line 1 without its line break, 64 lower-case hexadecimal digits |
///
/// Both lines end in one line feed. Paths in it are hostile: each must be relative, without `..`,
/// empty or hidden names.
final class ManifestFile {
    static final String NAME = "manifest.json";
    private static final int DIGEST_LINE_BYTES = 7 + 64 + 1;

    private ManifestFile() {}

    static byte[] bytes(Manifest manifest) {
        byte[] json = Json.write(manifest);
        byte[] tail = tail(json);
        byte[] all = Arrays.copyOf(json, json.length + tail.length);
        System.arraycopy(tail, 0, all, json.length, tail.length);
        return all;
    }

    static Manifest read(byte[] all) {
        int jsonBytes = all.length - DIGEST_LINE_BYTES - 1;
        if (jsonBytes < 2) {
            throw new DamagedArchiveException(
                    new Damage(NAME, 0, "a manifest and its digest", all.length + " bytes"));
        }
        byte[] json = Arrays.copyOf(all, jsonBytes);
        byte[] found = Arrays.copyOfRange(all, jsonBytes, all.length);
        byte[] expected = tail(json);
        if (!Arrays.equals(found, expected)) {
            throw new DamagedArchiveException(
                    new Damage(
                            NAME,
                            0,
                            "a last line `" + Json.text(expected).strip() + "`",
                            "`" + Json.text(found).strip() + "`"));
        }
        Manifest manifest = parse(json);
        if (!manifest.format().equals(Manifest.FORMAT)) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "manifest.json: expected format "
                            + Manifest.FORMAT
                            + ", found "
                            + manifest.format(),
                    "give a folder that `backstay backup` made.");
        }
        manifest.bases().forEach(base -> requireInside(base.part()));
        manifest.segments().forEach(segment -> requireInside(segment.part()));
        manifest.folds().forEach(fold -> requireInside(fold.part()));
        manifest.copies().forEach(copy -> requireInside(copy.part()));
        return manifest;
    }

    /// Version 1 has no folds, version 2 no copies.
    private static Manifest parse(byte[] json) {
        int version = Json.version(json, NAME);
        if (version == 2) {
            Version2 old = Json.read(json, Version2.class, NAME, Manifest.FORMAT_VERSION);
            return new Manifest(
                    old.format,
                    old.formatVersion,
                    old.archiveId,
                    old.generation,
                    old.writer,
                    old.writtenAt,
                    old.bases,
                    old.segments,
                    old.folds,
                    List.of());
        }
        if (version != 1) {
            return Json.read(json, Manifest.class, NAME, Manifest.FORMAT_VERSION);
        }
        Version1 old = Json.read(json, Version1.class, NAME, Manifest.FORMAT_VERSION);
        return new Manifest(
                old.format,
                old.formatVersion,
                old.archiveId,
                old.generation,
                old.writer,
                old.writtenAt,
                old.bases,
                old.segments,
                List.of(),
                List.of());
    }

    private record Version1(
            String format,
            int formatVersion,
            String archiveId,
            long generation,
            String writer,
            Instant writtenAt,
            List<BaseEntry> bases,
            List<SegmentEntry> segments) {}

    private record Version2(
            String format,
            int formatVersion,
            String archiveId,
            long generation,
            String writer,
            Instant writtenAt,
            List<BaseEntry> bases,
            List<SegmentEntry> segments,
            List<FoldEntry> folds) {}

    static void requireInside(PartEntry part) {
        String path = part.path();
        requireInside(path, "the archive");
        if (part.lengthBytes() < 0 || part.crc32c().length() != 8L * part.stretches()) {
            throw new DamagedArchiveException(
                    new Damage(
                            path,
                            -1,
                            "one CRC32C for each stretch of " + part.lengthBytes() + " bytes",
                            part.crc32c().length() + " digits"));
        }
    }

    /// @param what it is to be within, for people
    static void requireInside(String path, String what) {
        boolean inside = !path.isEmpty() && !path.startsWith("/") && path.indexOf('\0') < 0;
        for (String name : path.split("/", -1)) {
            inside &= !name.isEmpty() && !name.startsWith(".") && name.indexOf('\\') < 0;
        }
        if (!inside) {
            throw new DamagedArchiveException(
                    new Damage(path, -1, "a path within " + what, "one that could lead out of it"));
        }
    }

    private static byte[] tail(byte[] json) {
        return ("\nsha256 " + Disk.sha256(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
