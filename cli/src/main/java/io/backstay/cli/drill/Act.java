package io.backstay.cli.drill;

/// One act of the drill.
interface Act {

    int number();

    String title();

    /// Whether it stands on a guard that sees every process of the machine. Without that right
    /// everything is blind, and nothing could be shown.
    default boolean needsRoot() {
        return false;
    }

    void play(Stage stage) throws Exception;
}
