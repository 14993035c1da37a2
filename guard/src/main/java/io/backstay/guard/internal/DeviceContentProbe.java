package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Does anything lie on it that is not known to be disposable? Disposable are zeroes throughout,
/// and a file system that is as `mkfs` left it.
final class DeviceContentProbe implements Look<DeviceWorld> {
    @Override
    public String name() {
        return "data-at-rest";
    }

    @Override
    public List<String> life(DeviceWorld world) throws CannotLookException {
        return of(world.device(), world.deadlineNanos());
    }

    /// What is on a disk, its partitions one by one.
    static List<String> of(BlockDevice device, long deadlineNanos) throws CannotLookException {
        try (Medium medium = Medium.open(device.node(), device.sizeBytes())) {
            List<String> found = Signatures.recognise(medium);
            boolean isTable =
                    !found.isEmpty()
                            && found.stream()
                                    .allMatch(
                                            f ->
                                                    f.equals(Signatures.GPT)
                                                            || f.equals(Signatures.MBR));
            return isTable
                    ? PartitionTable.life(device, medium, deadlineNanos)
                    : whole(device.node(), medium, found, deadlineNanos);
        } catch (IOException e) {
            throw new CannotLookException(
                    device.node() + " cannot be read: " + e.getMessage(),
                    "run as root; repair or replace the disk");
        }
    }

    private static List<String> whole(
            Path node, Medium medium, List<String> found, long deadlineNanos)
            throws IOException, CannotLookException {
        if (found.isEmpty()) {
            long at = medium.firstNonZero(0, medium.sizeBytes(), deadlineNanos);
            return at < 0
                    ? List.of()
                    : List.of("%s holds data of an unknown kind, at byte %,d".formatted(node, at));
        }
        if (found.equals(List.of(Signatures.EXT))) {
            return not(node, found.getFirst(), FreshExt.against(medium, deadlineNanos));
        }
        if (found.equals(List.of(Signatures.XFS))) {
            return not(node, found.getFirst(), FreshXfs.against(medium, deadlineNanos));
        }
        return List.of("%s holds %s".formatted(node, String.join(", ", found)));
    }

    private static List<String> not(Path node, String what, String against) {
        return against.isEmpty()
                ? List.of()
                : List.of("%s holds %s, and %s".formatted(node, what, against));
    }

    @Override
    public List<String> controls(DeviceWorld world) throws CannotLookException {
        return found(world.decoys(), Long.MAX_VALUE);
    }

    /// The same examination, of prepared images.
    static List<String> found(Decoys decoys, long deadlineNanos) throws CannotLookException {
        var proofs = new ArrayList<String>();
        for (Decoys.Image image : decoys.images()) {
            try (Medium medium = Medium.open(image.file())) {
                List<String> life =
                        whole(image.file(), medium, Signatures.recognise(medium), deadlineNanos);
                boolean isRight =
                        image.mark().isEmpty()
                                ? life.isEmpty()
                                : life.stream().anyMatch(said -> said.contains(image.mark()));
                if (!isRight) {
                    throw new CannotLookException(
                            "the probe failed its control: %s is said to be %s"
                                    .formatted(image.what(), life),
                            "run as root, outside of a container");
                }
                proofs.add("recognised " + image.what());
            } catch (IOException e) {
                throw new CannotLookException("a control is gone: " + e.getMessage(), "ask again");
            }
        }
        return proofs;
    }

    @Override
    public String lookedAt(DeviceWorld world) {
        return "all that is not zero of %,d bytes, %d partitions"
                .formatted(world.device().sizeBytes(), world.device().partitions().size());
    }
}
