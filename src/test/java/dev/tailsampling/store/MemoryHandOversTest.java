package dev.tailsampling.store;

import dev.tailsampling.selector.HandOvers;

class MemoryHandOversTest extends HandOversContract {

    private final HandOvers handOvers = new MemoryHandOvers();

    @Override
    HandOvers handOvers() {
        return handOvers;
    }
}
