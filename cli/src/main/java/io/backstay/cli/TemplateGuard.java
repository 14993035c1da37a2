package io.backstay.cli;

import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import java.time.Duration;
import java.util.List;

/// A guard that, once it has cleared, also looks whether a command names the target beside
/// `{target}`. Not before: to know where names lead is to touch the disk, which may hang.
record TemplateGuard(Guard guard, List<String> command) implements Guard {
    @Override
    public GuardAnswer check(GuardRequest request) {
        GuardAnswer answer = guard.check(request);
        if (answer.isCleared()) {
            CommandTemplate.requireUnnamed(command, request.target());
        }
        return answer;
    }

    @Override
    public Duration budget() {
        return guard.budget();
    }
}
