"""Dated law, provincial targets, waivers, and the engine that turns rules into set-based SQL."""
