"""Time, chance and memory of a run: the simulated clock, named random streams, the event log, the world."""
