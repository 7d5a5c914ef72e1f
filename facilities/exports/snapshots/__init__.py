"""Downloads: dated folders of files that do not change, each a copy of all that is public.

``write.py`` makes one, ``library.py`` keeps them, and ``remove_private.py`` takes out of the older
ones what became private since.
"""
