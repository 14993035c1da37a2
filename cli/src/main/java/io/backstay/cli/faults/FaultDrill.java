package io.backstay.cli.faults;

/// One fault of the catalogue: a situation, a script `ID.sh` that must be fooled by it, and the
/// question that the guard must answer rightly.
///
/// @param id `D-nn`
/// @param script how the fooled script ends
record FaultDrill(String id, String fault, Fooled script, Situation situation, Question question) {

    enum Fooled {
        /// It says idle: exit 0.
        SAYS_IDLE,
        /// It never says anything, and whoever waits gives up.
        HANGS
    }

    /// Makes it so; what must be undone is given to [DrillGround#later].
    interface Situation {
        void make(DrillGround ground) throws Exception;
    }

    /// @return what the guard said, if that was right
    interface Question {
        String ask(DrillGround ground) throws Exception;
    }

    /// The guard's answer was not what it had to be.
    static final class WrongAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongAnswerException(String what) {
            super(what);
        }
    }

    /// This machine cannot make the situation.
    static final class CannotMakeException extends Exception {
        private static final long serialVersionUID = 1L;

        CannotMakeException(String why) {
            super(why);
        }
    }
}
