"""The other departments' files, one module a file: a list of persons written with that department's usual errors."""

from demo.county.feeds.deaths import deaths_feed
from demo.county.feeds.disability import disability_feed
from demo.county.feeds.hukou import hukou_feed
from demo.county.feeds.outprov import outprov_feed
from demo.county.feeds.prison import prison_feed
from demo.county.feeds.soldiers import soldiers_feed
from demo.county.feeds.students import students_feed
from demo.county.feeds.survey import survey_feed

__all__ = [
    "deaths_feed",
    "disability_feed",
    "hukou_feed",
    "outprov_feed",
    "prison_feed",
    "soldiers_feed",
    "students_feed",
    "survey_feed",
]
