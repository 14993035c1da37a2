/// The agent: one host's own word on what is done to it. Start at [Agent]. Never opens a port,
/// never knows another host's agent, never takes a target from a request.
@NullMarked
package io.backstay.node.agent;

import org.jspecify.annotations.NullMarked;
