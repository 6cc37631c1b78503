"""The reports: the statutory monthly table, gaps to zero, counts by freely chosen dimensions. Reads the results of nights.

e1.py, zeroing.py, arrivals.py and counts.py count; presenters.py and workbook.py render; views.py, board.py, counts_views.py and
api.py are the pages and the API.
"""
