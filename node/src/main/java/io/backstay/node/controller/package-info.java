/// The controller: hands offers to agents that dial in, and permits to those that ask. Start at
/// [ControllerServer]. Never dials a host.
@NullMarked
package io.backstay.node.controller;

import org.jspecify.annotations.NullMarked;
