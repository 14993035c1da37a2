package io.backstay.cli.drill;

/// One act of the drill.
interface Act {

    int number();

    String title();

    void play(Stage stage) throws Exception;
}
