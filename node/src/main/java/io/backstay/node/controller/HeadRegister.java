package io.backstay.node.controller;

/// Takes note of the head of an agent's ledger, as `writer seq hash`, whenever the agent reports.
public interface HeadRegister {

    void record(String host, String head);
}
