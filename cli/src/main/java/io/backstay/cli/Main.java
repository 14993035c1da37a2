package io.backstay.cli;

import java.util.List;
import picocli.CommandLine;

/// The program's entry: the list of its verbs.
///
/// To add a verb: 1. write `XCommand implements Callable<Integer>` in this package, annotated with
/// `@Command(name, description, footer = "%nExit codes: ...")`; 2. give it `@Mixin private Console
/// console = new Console();` for results (`console.result`), progress (`console.say`) and questions
/// about the output format; 3. end with an exit code of [io.backstay.doors.ErrorCode], or throw a
/// [io.backstay.doors.Problem]: it is printed with its HINT in the format asked for; 4. add the
/// class to [#VERBS], or, when it is two words (`ledger verify`), to the `subcommands` of its
/// group, which is added here; 5. name it in README.
public final class Main {
    /// In the order of the help. A verb that is not here does not exist.
    static final List<Class<?>> VERBS =
            List.of(
                    DrillCommand.class,
                    DoctorCommand.class,
                    BackupCommand.class,
                    StreamCommand.class,
                    RestoreCommand.class,
                    UndoCommand.class,
                    ArchiveCommand.class,
                    BinlogCommand.class,
                    GuardCommand.class,
                    ChangeCommand.class,
                    GateCommand.class,
                    KeyCommand.class,
                    LedgerCommand.class,
                    VersionCommand.class);

    private Main() {}

    /// The tree of verbs, for whoever holds documents against it.
    public static CommandLine commandLine() {
        return new CommandLineRun(VERBS, System.out, System.err).commandLine();
    }

    public static void main(String[] args) {
        int exit = new CommandLineRun(VERBS, System.out, System.err).run(args);
        System.out.flush();
        System.exit(exit);
    }
}
