package io.backstay.guard.consent;

import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The machine that consents, as it reads itself. Its name is not part of it: names are moved and
/// mistyped, and the key says who signed.
///
/// @param machineId empty if there is none
/// @param hardwareUuid lower case; empty if the firmware tells none, or not to this user
/// @param bootId empty where the kernel does not tell
public record IssuingHost(String machineId, String hardwareUuid, String bootId) {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path HARDWARE_UUID = Path.of("/sys/class/dmi/id/product_uuid");

    public static IssuingHost read() {
        return new IssuingHost(
                text(MACHINE_ID), text(HARDWARE_UUID).toLowerCase(Locale.ROOT), Time.bootId());
    }

    boolean isUnknown() {
        return machineId.isEmpty() && hardwareUuid.isEmpty();
    }

    boolean isSameMachine(String otherMachineId, String otherHardwareUuid) {
        return machineId.equals(otherMachineId) && hardwareUuid.equals(otherHardwareUuid);
    }

    private static String text(Path file) {
        return Files.isReadable(file) ? Disk.readText(file).strip() : "";
    }
}
