package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalPrivilegesTest {
    @Test
    void mySqlPutsNoSpaceBetweenItsDynamicOnes() {
        var privileges =
                GlobalPrivileges.parse(
                        List.of(
                                "GRANT SELECT, RELOAD ON *.* TO `root`@`localhost` WITH GRANT OPTION",
                                "GRANT AUDIT_ADMIN,BACKUP_ADMIN ON *.* TO `root`@`localhost` WITH GRANT OPTION"));
        assertThat(privileges.missing(List.of("RELOAD", "BACKUP_ADMIN", "SHOW_ROUTINE")))
                .containsExactly("SHOW_ROUTINE");
    }

    @Test
    void grantsOnEverythingCountThoseOnASchemaDoNot() {
        GlobalPrivileges some =
                GlobalPrivileges.parse(
                        List.of(
                                "GRANT SELECT, BINLOG MONITOR ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*00'",
                                "GRANT RELOAD ON *.* TO `role`",
                                "GRANT EVENT, TRIGGER ON `x`.* TO `a`@`%` WITH GRANT OPTION",
                                "GRANT `role` TO `a`@`%`"));
        assertThat(some.missing(List.of("EVENT", "SELECT", "RELOAD", "TRIGGER", "GRANT OPTION")))
                .containsExactly("EVENT", "TRIGGER", "GRANT OPTION");
    }

    @Test
    void allPrivilegesHoldEveryOneButTheRightToHandThemOn() {
        assertThat(
                        GlobalPrivileges.parse(List.of("GRANT ALL PRIVILEGES ON *.* TO `a`@`%`"))
                                .missing(List.of("ALL PRIVILEGES", "EVENT", "GRANT OPTION")))
                .containsExactly("GRANT OPTION");
        assertThat(
                        GlobalPrivileges.parse(
                                        List.of(
                                                "GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"))
                                .missing(List.of("EVENT", "GRANT OPTION")))
                .isEmpty();
    }

    @Test
    void nothingThatIsUnderstoodIsNoPrivilege() {
        assertThat(
                        GlobalPrivileges.parse(List.of("GRANT USAGE ON *.* TO `a`@`%`", "?"))
                                .missing(List.of("SELECT")))
                .containsExactly("SELECT");
    }
}
