"""Tests of the look: components, shell, account pages, accessibility."""
