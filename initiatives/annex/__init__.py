"""The annex of a meeting as files, made from frozen rows and from nothing else.

`gathering` reads the rows, `content` says what is to be printed, and `docx`, `pdf`, `xlsx` and `text` print it. The same
rows give the same bytes, whatever the day: no clock and no live row is asked, and the words are constants. The annex is a
Danish document of a Danish authority, so its words are Danish whoever asks for it (`words`).
"""
