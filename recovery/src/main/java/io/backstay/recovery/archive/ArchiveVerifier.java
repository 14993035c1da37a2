package io.backstay.recovery.archive;

import io.backstay.doors.Problem;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// Reads every byte of an archive again and says what is not as it was written.
public final class ArchiveVerifier {
    private final Archive archive;
    private final Consumer<String> progress;
    private final List<Damage> damages = new ArrayList<>();
    private final byte[] buffer = new byte[1 << 16];
    private long parts;
    private long bytes;

    /// @param progress told the path of each part before it is read
    public ArchiveVerifier(Archive archive, Consumer<String> progress) {
        this.archive = archive;
        this.progress = progress;
    }

    /// @param damages empty if everything is as it was written
    public record Report(long parts, long bytes, List<Damage> damages) {
        public boolean isSound() {
            return damages.isEmpty();
        }
    }

    /// Errors: a manifest that cannot be read, as nothing is known then.
    public Report verify() {
        Manifest manifest = archive.manifest();
        for (BaseEntry base : manifest.bases()) {
            if (isWhole(base.part())) {
                verifyBase(base);
            }
        }
        for (SegmentEntry segment : manifest.segments()) {
            isWhole(segment.part());
        }
        manifest.folds().forEach(fold -> isWhole(fold.part()));
        manifest.copies().forEach(this::verifyCopy);
        damages.addAll(Gaps.find(manifest));
        return new Report(parts, bytes, List.copyOf(damages));
    }

    private void verifyCopy(CopyEntry copy) {
        if (isWhole(copy.part())) {
            try {
                archive.copies().document(copy).files().stream()
                        .flatMap(file -> file.pieces().stream())
                        .forEach(this::isWhole);
            } catch (DamagedArchiveException e) {
                damages.add(e.damage());
            }
        }
    }

    private void verifyBase(BaseEntry base) {
        BaseDocument document;
        try {
            document = archive.document(base);
        } catch (DamagedArchiveException e) {
            damages.add(
                    new Damage(
                            base.part().path(),
                            -1,
                            "a table of contents",
                            String.valueOf(e.getMessage())));
            return;
        }
        for (BaseDocument.Table table : document.tables()) {
            var whole = new RowDigest();
            for (BaseDocument.Chunk chunk : table.chunks()) {
                if (isWhole(chunk.part())) {
                    String found = digest(chunk.part());
                    expect(
                            chunk.part().path(),
                            "row digest " + chunk.digest(),
                            "row digest " + found);
                }
                whole.add(RowDigest.parse(chunk.digest()));
            }
            expect(
                    base.part().path() + ", table " + table.qualifiedName(),
                    "row digest " + table.digest(),
                    "row digest " + whole);
        }
    }

    private void expect(String part, String expected, String found) {
        if (!expected.equals(found)) {
            damages.add(new Damage(part, -1, expected, found));
        }
    }

    private boolean isWhole(PartEntry part) {
        progress.accept(part.path());
        parts++;
        try (InputStream in = archive.read(part)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
                bytes += count;
            }
            String found = HexFormat.of().formatHex(sha256.digest());
            expect(part.path(), "SHA-256 " + part.sha256(), "SHA-256 " + found);
            return true;
        } catch (DamagedArchiveException e) {
            damages.add(e.damage());
            return false;
        } catch (Problem e) {
            damages.add(
                    new Damage(
                            part.path(),
                            -1,
                            "a part this program reads",
                            String.valueOf(e.getMessage())));
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(part.path(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String digest(PartEntry part) {
        var digest = new RowDigest();
        try (InputStream text = ChunkReader.open(archive, part)) {
            var lines = new LineReader(text);
            while (lines.next()) {
                digest.add(lines.buffer(), lines.from(), lines.count());
            }
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
        return digest.toString();
    }
}
