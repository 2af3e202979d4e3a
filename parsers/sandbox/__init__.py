"""The sandbox (隔离): readers run in children with limits of memory and time.

The door is ``pool``; ``child`` is what runs on the other side.
"""
