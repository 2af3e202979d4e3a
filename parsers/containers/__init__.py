"""Containers (压缩包等): which kind of file bytes are, and what lies inside those that hold others.

Nothing is extracted by name and every limit on entries, bytes and time stands in one budget. The doors are ``kinds``
and ``kind_table`` (what a file is), ``unpack`` (what lies inside), ``budget`` (how much may be spent), and for the
formats that are zips themselves ``zip_file`` and ``zip_directory``; ``passwords`` finds what a text gives away,
``smime`` and ``text_kinds`` tell signed mail and kinds of text.
"""
