"""Pages and reports across apps: Today, person page, work list, reports, exports, administration; the API root and error format.

Composes the selectors and presenters of the apps below.
"""
