package io.backstay.recovery.replay;

import java.time.Duration;

/// @param isStandardTool it was `mariadb-binlog | mariadb` itself; else our own replay, which is
///   labelled so wherever it is shown
/// @param how for people
public record ReplayResult(boolean isStandardTool, String how, long transactions, Duration took) {}
