"""Dry runs (试运行): doctor, replay, whatif, letters' check, reading files. Nothing of the season is changed."""
