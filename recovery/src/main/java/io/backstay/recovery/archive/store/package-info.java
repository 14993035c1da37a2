/// Where an archive's bytes lie: a folder, or a bucket of an object store. Start at [PartStore].
/// Never looks into what it keeps, but for encrypting it.
@NullMarked
package io.backstay.recovery.archive.store;

import org.jspecify.annotations.NullMarked;
