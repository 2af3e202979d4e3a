"""Names (名称): whose paper a text is, by firm, body, place and contact.

``company`` owns every list of words about firms: endings, placeholders, 自荐 and its kin. Every module here is a door.
"""
