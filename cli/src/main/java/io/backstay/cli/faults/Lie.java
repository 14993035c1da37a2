package io.backstay.cli.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A prepared place that looks unused to somebody, and is not.
///
/// @param what it is
/// @param findings reasons that the guard must give, each as `live lock`; empty for a place that is
///   truly empty and must be cleared
/// @param preparation makes it in an empty folder
record Lie(String what, List<String> findings, Preparation preparation) {

    interface Preparation {
        /// @return what ends it
        AutoCloseable make(Path folder) throws IOException;
    }

    static final AutoCloseable NOTHING = () -> {};
}
