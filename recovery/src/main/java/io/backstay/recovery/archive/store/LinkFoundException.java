package io.backstay.recovery.archive.store;

import java.io.IOException;

/// A symbolic link where a file or folder of an archive should be; it is not followed.
public final class LinkFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    LinkFoundException(String path) {
        super(path + " leads over a symbolic link");
    }
}
