package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RingFilesTest {
    private static final String HEAD = "pos:\t0\nflags:\t02\nSqThread:\t-1\n";

    @Test
    void namesAreThoseBehindTheHeader() {
        assertThat(
                        RingFiles.told(
                                HEAD
                                        + "UserFiles:\t2\n    0: /data/ibdata1\n    1: /x\\040y\nUserBufs:\t0\n"))
                .hasValueSatisfying(
                        names -> assertThat(names).containsExactly("/data/ibdata1", "/x\\040y"));
    }

    @Test
    void noneIsToldAsZero() {
        assertThat(RingFiles.told(HEAD + "UserFiles:\t0\nUserBufs:\t0\n"))
                .hasValueSatisfying(names -> assertThat(names).isEmpty());
    }

    @Test
    void silenceIsNotNone() {
        assertThat(RingFiles.told(HEAD)).isEmpty();
        assertThat(RingFiles.told("")).isEmpty();
        assertThat(RingFiles.told(HEAD + "UserFiles:\t2\nUserBufs:\t0\n")).isEmpty();
        assertThat(RingFiles.told(HEAD + "UserFiles:\t10\n")).isEmpty();
    }
}
