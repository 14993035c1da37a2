package io.backstay.rollout.run;

/// The one address of a cluster that its clients use. What stands behind it is the fleet's matter.
public interface TrafficDoor {

    /// Ends clients' connections and lets new ones wait.
    void hold(String cluster);

    /// Sends waiting and new clients to this member.
    void pointTo(String cluster, String host);
}
