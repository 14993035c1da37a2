package io.backstay.cli;

import java.util.List;

/// The program of the bundle for database hosts: the verbs that a host needs, as [Main] has them,
/// and nothing that these do not load.
public final class GuardMain {
    private static final List<Class<?>> VERBS =
            List.of(GuardCommand.class, LedgerCommand.class, VersionCommand.class);

    private GuardMain() {}

    public static void main(String[] args) {
        int exit = new CommandLineRun(VERBS, System.out, System.err).run(args);
        System.out.flush();
        System.exit(exit);
    }
}
