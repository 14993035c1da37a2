package io.backstay.mysql.offence;

/// Starts a process outside of doors, on purpose.
final class StartsAProcess {
    ProcessBuilder process;
}
