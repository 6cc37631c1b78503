"""Names of places as people write them: in full, without their ending, with another ending. Pure arithmetic of one text."""

import re
import unicodedata

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    "京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族?)*自治(?:区|州|县|旗)$")
_PEOPLE_S_TOWNSHIP = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族)+乡$")
_NOISE = re.compile(r"[\s\u200b\ufeff,，、.。/\\\-—_>·|]+")

ENDINGS: dict[int, tuple[str, ...]] = {
    1: ("自治区", "省", "市"),
    2: ("自治州", "地区", "市", "盟", "州"),
    3: ("自治县", "自治旗", "市辖区", "林区", "特区", "市", "县", "区", "旗"),
    4: ("街道办事处", "办事处", "街道", "民族乡", "苏木", "镇", "乡"),
    5: ("社区居民委员会", "村民委员会", "居民委员会", "社区居委会", "村委会", "居委会", "社区", "村", "居"),
}
"""Endings by level, longest first. A text may use another than the name does: 如皋县 for 如皋市, 二案村 for 二案村委会."""

_DIVISIONS = re.compile(r"^.*[省市县区旗州盟镇乡村街道社居委会处组队]", re.DOTALL)
OTHER_PLACE = "—"
SHORTEST_STEM = 2
CODE = re.compile(r"^(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$")


def clean_place_text(text: str) -> str:
    """Return a text without blanks and separators, full-width signs made plain."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


def is_code(text: str) -> bool:
    """Answer whether a cleaned text is a division code of 2, 4, 6, 9 or 12 digits."""
    return bool(CODE.match(text)) and text.isascii()


def place_part(text: str) -> str:
    """Return a written place up to the last division it names, or a mark: what follows, a house or a person, is not stored."""
    if not text or is_code(clean_place_text(text)):
        return text
    named = _DIVISIONS.match(text)
    return named[0] if named else OTHER_PLACE


def place_stem(name: str, level: int) -> str:
    """Return a name without its ending: 如皋 of 如皋市, 黔东南 of 黔东南苗族侗族自治州; the name where nothing sensible is left."""
    found = _AUTONOMOUS.match(name) or _PEOPLE_S_TOWNSHIP.match(name)
    if found:
        return found.group(1)
    for ending in ENDINGS[level]:
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_STEM:
            return name.removesuffix(ending)
    return name


def skip_ending(rest: str, level: int) -> str:
    """Return what follows a stem once the ending the text gives it is skipped."""
    if rest.startswith(ENDINGS[level]):
        return next(rest[len(ending) :] for ending in ENDINGS[level] if rest.startswith(ending))
    return rest
