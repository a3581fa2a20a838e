"""Sweeps that ship with the tool, one TOML file each; ``sweeps.definition.load`` finds them by name."""
