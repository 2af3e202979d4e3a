"""The case report (案例报告): its title, its parts and their lengths, figures, and what must not stand in it.

The door is ``report``.
"""
