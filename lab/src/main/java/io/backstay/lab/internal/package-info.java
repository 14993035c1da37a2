/// How lab servers are fetched and brought up. Start at [ServerDownload]. Never seen outside `lab`.
@NullMarked
package io.backstay.lab.internal;

import org.jspecify.annotations.NullMarked;
