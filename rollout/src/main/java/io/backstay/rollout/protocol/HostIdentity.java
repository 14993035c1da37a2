package io.backstay.rollout.protocol;

/// Who a host is. Its name is not part of it: names are used again.
///
/// @param machineId of the kernel's machine; shared by the hosts of an embedded fleet
/// @param bootId of the running boot
/// @param hostId 128 random bits in hexadecimal, drawn by the agent at its first start and kept in
///   its state folder
/// @param target device and inode of the operation's target as `device:inode`; empty where it does
///   not exist
public record HostIdentity(String machineId, String bootId, String hostId, String target) {

    /// One line that a permit is bound to.
    public String bound() {
        return "machine=" + machineId + " boot=" + bootId + " host=" + hostId + " target=" + target;
    }
}
