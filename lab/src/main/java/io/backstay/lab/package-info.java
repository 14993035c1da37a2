/// Real servers on this machine: fetched, started, loaded, driven with traffic, stopped. Start at
/// [LabServer]. Never used on a server it did not start.
@NullMarked
package io.backstay.lab;

import org.jspecify.annotations.NullMarked;
