package io.backstay.recovery.archive;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.CopyDocument.CopiedFile;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;

/// The data directories that an archive keeps: at most one of each base, which goes with it.
public final class KeptCopies {
    private final Archive archive;

    KeptCopies(Archive archive) {
        this.archive = archive;
    }

    /// Where the pieces of a base's files go; a number and `.zst` follow.
    public static String piecePrefix(String base) {
        return "bases/" + base + "/files/";
    }

    /// Errors: paths that lead out of it, lengths that its pieces do not have.
    public CopyDocument document(CopyEntry copy) {
        try (InputStream in = archive.read(copy.part())) {
            String part = copy.part().path();
            CopyDocument document =
                    Json.read(
                            in.readAllBytes(),
                            CopyDocument.class,
                            part,
                            CopyDocument.FORMAT_VERSION);
            for (CopiedFile file : document.files()) {
                ManifestFile.requireInside(file.path(), "the data directory");
                file.pieces().forEach(ManifestFile::requireInside);
                if (file.lengthBytes() < 0
                        || CopyPieces.count(file.lengthBytes()) != file.pieces().size()) {
                    throw new DamagedArchiveException(
                            new Damage(
                                    part,
                                    -1,
                                    "pieces for the %d bytes of %s"
                                            .formatted(file.lengthBytes(), file.path()),
                                    file.pieces().size() + " pieces"));
                }
            }
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes the table of contents and enters it. Errors: its base is there no more.
    public CopyEntry add(CopyDocument document) {
        PartEntry part;
        try (PartSink sink =
                archive.newPart(
                        "bases/" + document.base() + "/files.json",
                        PartKind.COPY,
                        CopyDocument.FORMAT_VERSION)) {
            sink.write(Json.write(document));
            part = sink.seal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var entry =
                new CopyEntry(
                        document.base(),
                        part,
                        document.serverVersion(),
                        document.files().size(),
                        document.bytes());
        archive.change(
                manifest -> {
                    var copies = new ArrayList<>(manifest.copies());
                    copies.removeIf(copy -> copy.base().equals(entry.base()));
                    copies.add(entry);
                    Manifest next = manifest.withCopies(copies, Instant.now());
                    if (!next.copies().contains(entry)) {
                        throw new Problem(
                                ErrorCode.FAILED,
                                "cannot keep the files of base %s: it went out of the archive meanwhile"
                                        .formatted(entry.base()),
                                "take the next one: `backstay archive rebase --physical --archive %s`."
                                        .formatted(archive.address()));
                    }
                    return next;
                });
        return entry;
    }
}
