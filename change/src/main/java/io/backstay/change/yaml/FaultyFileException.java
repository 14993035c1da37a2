package io.backstay.change.yaml;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.List;
import java.util.stream.Collectors;

/// A file that is not what its format asks for, with all that is wrong in it.
public final class FaultyFileException extends Problem {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public FaultyFileException(String file, List<Fault> faults) {
        super(
                ErrorCode.BAD_FILE,
                "cannot use %s: %d %s\n%s"
                        .formatted(
                                file,
                                faults.size(),
                                faults.size() == 1 ? "fault" : "faults",
                                faults.stream().map(Fault::text).collect(Collectors.joining("\n"))),
                "Put right what is listed; `backstay change lint` lists it again.");
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
