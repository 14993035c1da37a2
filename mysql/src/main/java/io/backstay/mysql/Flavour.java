package io.backstay.mysql;

/// Which of the two families a server is of.
public enum Flavour {
    MARIADB,
    MYSQL
}
