"""Word files (Word 文件): the paragraphs of whatever people send as Word.

docx, docm, doc, wps, rtf, odt, web pages and Word XML come out as the same paragraphs, with their place, numbering and
style. The doors are ``open`` (read a file) and ``paragraph`` (the values); ``docx_file`` and
``libreoffice`` serve readers of other kinds.
"""
