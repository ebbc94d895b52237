"""Reacting agents: others who look at the market and answer it, on the world's clock. One module for each kind."""
