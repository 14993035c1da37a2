package io.backstay.binlog;

/// Which family of servers wrote a log. They share most of the format and differ in details.
public enum Flavour {
    MYSQL,
    MARIADB
}
