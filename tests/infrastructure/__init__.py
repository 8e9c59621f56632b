"""Tests of settings, embedded services, commands and the contracts between rooms."""
