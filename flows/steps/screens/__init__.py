"""Screens (页面): register, tasks, dossiers, exports and the shelf, for people to look at."""
