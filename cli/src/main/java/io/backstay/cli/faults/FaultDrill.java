package io.backstay.cli.faults;

/// One fault of the catalogue: a plain live situation, in which a script `ID.sh` must say active;
/// the fault, by which the same script must be fooled; and the question that the guard must answer
/// rightly.
///
/// @param id `D-nn`
/// @param expected how the fooled script ends, and why
/// @param plain something live, without the fault
/// @param situation the fault, on top of the plain situation
record FaultDrill(
        String id,
        String fault,
        Expected expected,
        Situation plain,
        Situation situation,
        Question question) {

    /// @param hangs it never says anything, and whoever waits gives up; else it says idle
    /// @param because a text that it must have said on the way, so that it is fooled by this fault
    ///   and no other; may be empty
    record Expected(boolean hangs, String because) {
        static final Expected IDLE = new Expected(false, "");
        static final Expected HANGS = new Expected(true, "");

        static Expected because(String text) {
            return new Expected(false, text);
        }

        String answer() {
            return hangs ? "hangs" : "idle";
        }
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
