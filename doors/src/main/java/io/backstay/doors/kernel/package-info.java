/// Linux calls that the JDK does not offer: open file description locks, leases, namespaces, peer
/// credentials. Start at [io.backstay.doors.kernel.Descriptor]. Needs `--enable-native-access`;
/// knows x86-64 and aarch64.
@NullMarked
package io.backstay.doors.kernel;

import org.jspecify.annotations.NullMarked;
