"""Photos (照片): size, sharpness, likeness, place and caption of a picture.

Every module here is a door: ``photo`` measures, ``captions`` finds the words for a picture wherever they stand,
``location`` takes places out of a copy, ``thumbnail`` makes the small picture that screens show.
"""
