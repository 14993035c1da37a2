package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Is the folder what it was called: one real folder, on a file system whose file identities can be
/// relied on, apart from the guard's own?
final class TargetProbe implements Probe {
    private static final String OTHERS = "who has it open on other hosts is not seen";
    private static final Set<String> PROVEN_FILE_SYSTEMS =
            Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");

    /// What makes the guard blind on the others.
    private static final Map<String, String> WHY_BLIND =
            Map.ofEntries(
                    Map.entry(
                            "btrfs",
                            "a subvolume has another device number in stat than in mounts"),
                    Map.entry("overlay", "a file's identity changes when it is first written to"),
                    Map.entry("zfs", "its pools, snapshots and clones are not examined"),
                    Map.entry("nfs", OTHERS),
                    Map.entry("nfs4", OTHERS),
                    Map.entry("cifs", OTHERS),
                    Map.entry("smb3", OTHERS),
                    Map.entry("ceph", OTHERS),
                    Map.entry("glusterfs", OTHERS),
                    Map.entry("gfs2", OTHERS),
                    Map.entry("ocfs2", OTHERS),
                    Map.entry("9p", OTHERS),
                    Map.entry("virtiofs", OTHERS),
                    Map.entry("fuse", "what its program holds of a file is not seen"),
                    Map.entry("fuseblk", "what its program holds of a file is not seen"));

    @Override
    public String name() {
        return "target";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        if (!place.where().isEmpty()) {
            return life; // what a mount covers cannot be named, so it was not
        }
        Path folder = place.tree().folder();
        try {
            Path real = folder.toRealPath();
            if (!real.equals(folder)) {
                throw new CannotLookException(
                        folder + " is really " + real, "name the real folder");
            }
            Path state = world.request().view().stateFolder();
            if (Files.exists(state) && state.toRealPath().startsWith(real)) {
                life.add("the guard's own state lies in it: " + state);
            }
        } catch (IOException e) {
            throw new CannotLookException(
                    folder + " cannot be resolved: " + e.getMessage(), "name an existing folder");
        }
        String type =
                Mount.of(world.table().ownMounts(), folder.toString())
                        .map(Mount::type)
                        .orElse("unknown");
        String why =
                WHY_BLIND.getOrDefault(
                        type.startsWith("fuse.") ? "fuse" : type,
                        "nobody has tried whether its files keep one identity");
        if (!PROVEN_FILE_SYSTEMS.contains(type)) {
            throw new CannotLookException(
                    "file system %s makes the guard blind: %s".formatted(type, why),
                    "move what is to be destroyed to ext4, xfs or tmpfs, or destroy it without the"
                            + " guard, by hand");
        }
        return life;
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        if (!lifeAt(world.decoys().empty(), world).isEmpty()) {
            throw failed("refused a folder of its own");
        }
        return List.of("accepted a real folder");
    }

    @Override
    public String lookedAt(World world) {
        return "%s: device %d, inode %d, %d entries"
                .formatted(
                        world.target().tree().folder(),
                        world.target().tree().device(),
                        world.target().tree().entries().getFirst().key().inode(),
                        world.target().tree().entries().size());
    }

    @Override
    public List<String> notSeen(World world) {
        return world.decoys().isOn(world.target().tree().device())
                ? List.of()
                : List.of("the controls lie on another file system than the target");
    }
}
