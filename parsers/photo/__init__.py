"""Photos (照片): size, sharpness, likeness, place and caption of a picture.

``photo`` measures, ``captions`` finds the words for a picture wherever they stand, with ``caption_names`` for the names
of files and ``caption_texts`` for letters and lists, ``location`` takes places out of a copy, ``thumbnail`` makes the
small picture that screens show. All but ``caption_texts`` are doors.
"""
