"""Pages (页面): a page as a picture, and the lines of print that recognition finds on it.

The sheet is found, straightened and turned; recognition gives lines with places and confidence. What the lines mean is
the business of ``parsers.form.read`` and ``parsers.seal.find``. Every module here is a door.
"""
