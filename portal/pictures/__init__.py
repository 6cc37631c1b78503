"""Pictures of the counts, each a part of a page that loads on its own, or a page of its own: at most two queries each.

months.py, units.py, flows.py and feeds.py turn counts into pictures (foundation/documents/charts.py); views.py serves them, and
the monthly report puts three of them on one sheet.
"""
