package io.backstay.cli.drill;

/// Where a drill tells what it does and what it waits for.
public interface Talk {

    void act(int number, String title);

    /// A step within an act.
    void step(String what);

    /// What came out of a step.
    void found(String what);
}
