"""PDF files: pages as pictures and as text, form fields, signatures, and the bombs that are refused.

The door is ``pages``.
"""
