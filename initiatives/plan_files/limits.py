"""How large a file may be. A plan of 200 items is far below all of these."""

MOST_BYTES = 10 * 2**20
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_PDF_PAGES = 60
