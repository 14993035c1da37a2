package io.backstay.guard;

/// What became of one seed.
///
/// @param window where the guard was when the move was complete; of a pair, when the other was sent
/// @param met what the move itself met: `done`, or why it could not be made
/// @param harm what was alive and is gone; empty as it must be
record RaceTold(
        long seed, RaceMove move, RaceWindows.Window window, String met, String end, String harm) {}
