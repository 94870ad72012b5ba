package dev.tailsampling.config;

/** Where we differ. */
final class PeerDifferences {
    String markdown() { return ""; }
}
