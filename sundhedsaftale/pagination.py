"""How many rows an API page holds."""

from rest_framework import pagination


class PageNumberPagination(pagination.PageNumberPagination):
    """100 rows a page; `?page_size=` up to 1,000, so that a whole edition is two requests."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
