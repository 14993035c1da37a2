package io.backstay.ledger;

import io.backstay.doors.Problem;
import io.backstay.ledger.ChainReport.Broken;
import io.backstay.ledger.ChainReport.Damage;
import io.backstay.ledger.ChainReport.Intact;
import io.backstay.ledger.seal.TrustedKeys;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Proves that nothing in a folder of chains was changed, reordered or cut, or says where.
///
/// Every line's hash, signature, sequence number and link are checked, then the heads kept
/// elsewhere. A head that one chain records of another is such a head too: `ledger.head.mirrored`
/// has it in `head`, `permit.burned` in `controllerHead`. Damage is an answer here, never an
/// exception.
public final class LedgerVerifier {
    /// Type of an entry that keeps the head of another chain, as [LedgerHead#line] in `body.head`.
    public static final String HEAD_MIRRORED = "ledger.head.mirrored";

    /// Where entries keep heads of other chains, by type.
    private static final Map<String, String> HEAD_FIELDS =
            Map.of(HEAD_MIRRORED, "head", "permit.burned", "controllerHead");

    private LedgerVerifier() {}

    /// One report a chain, by writer; also one for each writer that only a mirrored head names.
    ///
    /// @param mirroredHeads heads from elsewhere; empty is allowed, and then proves less
    public static List<ChainReport> verify(
            Path folder, TrustedKeys trusted, List<LedgerHead> mirroredHeads) {
        Map<String, Scan> scans = new HashMap<>();
        List<LedgerHead> mirrors = new ArrayList<>(mirroredHeads);
        for (Path chain : LedgerReader.chains(folder)) {
            Scan scan = new Scan(LedgerReader.writerOf(chain));
            scan.read(chain, trusted);
            scans.put(scan.writer, scan);
            mirrors.addAll(scan.headsOfOthers);
        }
        Set<String> writers = new TreeSet<>(scans.keySet());
        mirrors.forEach(mirror -> writers.add(mirror.writer()));
        List<ChainReport> reports = new ArrayList<>();
        for (String writer : writers) {
            List<LedgerHead> own = mirrors.stream().filter(m -> m.writer().equals(writer)).toList();
            Scan scan = scans.get(writer);
            reports.add(
                    scan == null
                            ? new Broken(
                                    writer,
                                    1,
                                    Damage.MISSING,
                                    "expected a chain of %s, found none".formatted(writer))
                            : scan.heldAgainst(own, trusted));
        }
        return List.copyOf(reports);
    }

    /// One chain while it is read.
    private static final class Scan {
        private final String writer;
        private final List<String> hashes = new ArrayList<>();
        private final List<LedgerHead> headsOfOthers = new ArrayList<>();
        private Optional<Broken> broken = Optional.empty();

        Scan(String writer) {
            this.writer = writer;
        }

        void read(Path chain, TrustedKeys trusted) {
            try (var lines = new ChainFile(chain)) {
                while (broken.isEmpty()) {
                    ChainFile.RawLine line = lines.next();
                    if (!line.isComplete()) {
                        if (line.bytes().length > 0) {
                            fail(
                                    Damage.TORN_TAIL,
                                    "expected a line feed at the end, found %d bytes without"
                                            .formatted(line.bytes().length));
                        }
                        return;
                    }
                    check(line.bytes(), lines, trusted);
                }
            } catch (UncheckedIOException e) {
                fail(Damage.UNREADABLE, String.valueOf(e.getMessage()));
            }
        }

        private void check(byte[] line, ChainFile rest, TrustedKeys trusted) {
            switch (EntryLine.read(writer, line)) {
                case EntryLine.Reading.Bad(String why) -> fail(Damage.EDIT, why);
                case EntryLine.Reading.Good(LedgerEntry entry) -> checkEntry(entry, rest, trusted);
            }
        }

        private void checkEntry(LedgerEntry entry, ChainFile rest, TrustedKeys trusted) {
            long expectedSeq = hashes.size() + 1L;
            String expectedPrev = hashes.isEmpty() ? LedgerHead.NO_HASH : hashes.getLast();
            Optional<TrustedKeys.TrustedKey> key = trusted.find(entry.head().keyId());
            if (key.isEmpty()) {
                fail(
                        Damage.FOREIGN_KEY,
                        "signed by key %s, which is not trusted here"
                                .formatted(entry.head().keyId()));
            } else if (!key.get().owner().equals(writer)) {
                fail(
                        Damage.FOREIGN_WRITER,
                        "expected a key of %s, found key %s of %s"
                                .formatted(writer, key.get().id(), key.get().owner()));
            } else if (!entry.head().isSignedBy(trusted)) {
                fail(
                        Damage.BAD_SIGNATURE,
                        "key %s did not sign this entry of %s"
                                .formatted(entry.head().keyId(), writer));
            } else if (entry.seq() != expectedSeq) {
                boolean isElsewhere = entry.seq() < expectedSeq || seqs(rest).contains(expectedSeq);
                fail(
                        isElsewhere ? Damage.REORDER : Damage.GAP,
                        "expected entry %d, found entry %d".formatted(expectedSeq, entry.seq()));
            } else if (!entry.prev().equals(expectedPrev)) {
                fail(
                        Damage.EDIT,
                        "expected the entry after %s…, found the one after %s…"
                                .formatted(
                                        expectedPrev.substring(0, 12),
                                        entry.prev().substring(0, 12)));
            } else {
                hashes.add(entry.hash());
                keepHead(entry);
            }
        }

        private void keepHead(LedgerEntry entry) {
            String field = HEAD_FIELDS.get(entry.type());
            if (field == null) {
                return;
            }
            try {
                headsOfOthers.add(LedgerHead.parse(entry.body().path(field).asString("")));
            } catch (Problem e) {
                hashes.removeLast();
                fail(Damage.BAD_MIRROR, "a mirrored head that is none");
            }
        }

        /// Sequence numbers of all lines behind the one just read.
        private Set<Long> seqs(ChainFile rest) {
            Set<Long> seqs = new HashSet<>();
            for (ChainFile.RawLine line = rest.next(); line.isComplete(); line = rest.next()) {
                if (EntryLine.read(writer, line.bytes())
                        instanceof EntryLine.Reading.Good(LedgerEntry entry)) {
                    seqs.add(entry.seq());
                }
            }
            return seqs;
        }

        private void fail(Damage damage, String detail) {
            broken = Optional.of(new Broken(writer, hashes.size() + 1L, damage, detail));
        }

        ChainReport heldAgainst(List<LedgerHead> mirrors, TrustedKeys trusted) {
            if (broken.isPresent()) {
                return broken.get();
            }
            for (LedgerHead mirror : mirrors) {
                if (!mirror.isSignedBy(trusted)) {
                    return new Broken(
                            writer,
                            mirror.seq(),
                            Damage.BAD_MIRROR,
                            "the mirrored head of entry %d is not signed by a trusted key"
                                    .formatted(mirror.seq()));
                }
                if (mirror.seq() > hashes.size()) {
                    return new Broken(
                            writer,
                            hashes.size() + 1L,
                            Damage.TRUNCATION,
                            "expected entry %d, which a mirrored head names, found the end after entry %d"
                                    .formatted(mirror.seq(), hashes.size()));
                }
                String found =
                        mirror.seq() == 0 ? LedgerHead.NO_HASH : hashes.get((int) mirror.seq() - 1);
                if (!found.equals(mirror.hash())) {
                    return new Broken(
                            writer,
                            mirror.seq(),
                            Damage.FORK,
                            "expected hash %s… of a mirrored head, found %s…"
                                    .formatted(
                                            mirror.hash().substring(0, 12),
                                            found.substring(0, 12)));
                }
            }
            return new Intact(
                    writer,
                    hashes.size(),
                    mirrors.size(),
                    hashes.isEmpty() ? LedgerHead.NO_HASH : hashes.getLast());
        }
    }
}
