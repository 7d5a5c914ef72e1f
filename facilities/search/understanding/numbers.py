"""Numbers that mean something by themselves: telephone numbers, ZIP codes, ages, distances."""

import re
from dataclasses import dataclass, replace

from ..area import RADIUS_CHOICES

_PHONE = re.compile(
    r"(?<![\d-])(?:\+?1[\s.-]*)?\(?([2-9]\d{2})\)?[\s.-]*(\d{3})[\s.-]*(\d{4})(?![\d-])"
)
_SPACED_ZIP = re.compile(r"(?<!\S)(\d) (\d) (\d) (\d) (\d)(?!\S)")
_ZIP = re.compile(r"(?<![\w$#.-])([0-9OoIl]{5})(?:[\s-]?[0-9]{4})?(?![\w-])")
_DIGIT_LOOK_ALIKES = str.maketrans("OoIl", "0011")
# "123 Main St": a house number, up to four words and a word for a street. Only the town is used.
_STREET = re.compile(
    r"(?<!\S)\d{1,6}[a-z]?\s+"
    r"(?!(?:days?|weeks?|months?|years?|d[ií]as|meses|a[nñ]os|yr|mg)\b)"
    r"(?:[^\W\d]+\.?\s+|\d+(?:st|nd|rd|th)\s+){0,4}?(?:street|st|avenue|ave|road|rd|"
    r"boulevard|blvd|drive|dr|lane|ln|court|highway|hwy|parkway|pkwy|place|pl|way|terrace|"
    r"circle|cir|square|broadway|calle|avenida|carretera)\b\.?(?:\s+(?:avenue|ave|street|blvd)\b\.?)?(?:\s+(?:apt|unit|suite|ste|#)\.?\s*\w+)?",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"(?<![\w.-])\d+(?:\.\d+)?\s*-?\s*(?:mgs?|mcg|milligrams?|miligramos)\b", re.IGNORECASE
)
_WITHIN = re.compile(
    r"\b(?:within|in|less than|under|a|a menos de|dentro de)?\s*(\d{1,3})\s*-?\s*"
    r"(?:miles?|mi|millas?)\b(?:\s+(?:of|from|away|de|radius))?",
    re.IGNORECASE,
)
_RELATIVES = (
    r"(?:sons?|daughters?|mom|mum|mother|dad|father|brother|sister|wife|husband|hubby|boyfriend"
    r"|girlfriend|bf|gf|nephew|niece|uncle|aunt|cousin|friend|partner|fianc[eé]e?|grand(?:ma|pa|son"
    r"|daughter|mother|father)|step(?:son|daughter|dad|mom)|teen|teenager|boy|girl|kid|child|male"
    r"|female|m[ae]n|wom[ae]n|guy|lady|roommate|patient|client|pt|hij[oa]|niet[oa]|sobrin[oa]"
    r"|herman[oa]|prim[oa]|espos[oa]|novi[oa]|ti[oa]|abuel[oa]|suegr[oa]|cu[nñ]ad[oa]|yerno|nuera"
    r"|mam[aá]|madre|pap[aá]|padre|joven|chic[oa]|chav[oa]|chamac[oa]|muchach[oa]|ni[nñ][oa]|hombre"
    r"|mujer|pareja|se[nñ]or|se[nñ]ora|amig[oa]|paciente)"
)
_ABOUT = r"(?:(?:like|about|around|almost|nearly|only|just|now|como|casi|unos)\s+)?"
_NO_AGE_BEHIND = (
    r"(?!\s*-?\s*(?:miles?|mi\b|days?|dias?|d[ií]as|months?|meses|weeks?|semanas|hours?|horas"
    r"|minutes?|mg\b|%|times?|steps?\b|pasos|/|kids|children|hijos|ni[nñ]os))"
)
_YEARS = r"(?:y\s?/?\s?o|y\.o\.?|yrs?\.?|years?|year|anos|años)"
_AGES = (
    re.compile(rf"(?<![\d-])(\d{{1,2}})\s*-?\s*{_YEARS}\s*-?\s*old\b", re.IGNORECASE),
    re.compile(r"(?<![\d-])(\d{1,2})\s*(?:y\s?/?\s?o|y\.o\.?)(?!\w)", re.IGNORECASE),
    re.compile(
        r"(?<![\d-])(?<!hace )(?<!llevo )(?<!lleva )(?<!por )(\d{1,2})\s*(?:anos|años)\b"
        r"(?!\s*(?:de\s+(?:uso|consumo)|sobri|limpi))",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:age[ds]?|edad|edad de)\s*:?\s*(\d{1,2})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:is|are|hes|shes|he's|she's|im|i'm|i am|turn(?:s|ed|ing)|tiene|tengo|cumpli[oó]|my"
        rf"|{_RELATIVES})\s+{_ABOUT}(\d{{1,2}})\b{_NO_AGE_BEHIND}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_RELATIVES}\s+(?:de|con)\s+(\d{{1,2}})\b{_NO_AGE_BEHIND}", re.IGNORECASE),
    re.compile(rf"\b{_RELATIVES}\s*[,(]\s*(\d{{1,2}})\b{_NO_AGE_BEHIND}", re.IGNORECASE),
    re.compile(r"\b(?:in (?:his|her|my|their) )(?:early |mid |late )?([2-9]0)'?s\b", re.IGNORECASE),
    re.compile(r"(?<![\d-])(\d{1,2})(?=\s?(?:[mf](?!\w)|male\b|female\b))", re.IGNORECASE),
)  # fmt: skip
_HOW_MANY_CHILDREN = re.compile(r"\b[1-9]\s+(?=(?:kids|children|hijos|ni[nñ]os)\b)", re.IGNORECASE)
_SEX_BEHIND = re.compile(r"\s?[mf](?!\w)", re.IGNORECASE)
_SEX_BESIDE_AGE = re.compile(
    rf"(?<![\d-])\d{{1,2}}\s?(?:{_YEARS}\s*(?:-?\s*old)?\s*)?([mf])(?!\w)", re.IGNORECASE
)
_SEX_BEFORE_AGE = re.compile(r"(?<!\w)([MF])[ /-]?(?=[1-9]\d(?!\d))")
_DAYS_OF = (
    (re.compile(r"d(?:ay|ia|ía)s?", re.IGNORECASE), 1),
    (re.compile(r"w(?:ee)?ks?|semanas?", re.IGNORECASE), 7),
    (re.compile(r"mo(?:nth)?s?|mes(?:es)?", re.IGNORECASE), 30),
    (re.compile(r"y(?:ea)?rs?|a[nñ]os?", re.IGNORECASE), 365),
)
_LENGTH = (
    r"(\d{1,3})\s*-?\s*(days?|weeks?|wks?|months?|mos?|years?|yrs?|d[ií]as?|semanas?|mes(?:es)?"
    r"|a[nñ]os?)"
)
_STAYS = (
    re.compile(
        rf"(?<!\w){_LENGTH}(?=\s+(?:(?:long|or|inpatient|residential|drug|alcohol|rehab|treatment"
        r"|recovery|sober)\s+)*(?:programs?|rehabs?|residential|inpatient|treatment|stay|stays"
        r"|facility|facilities|center)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:rehab|rehabilitaci[oó]n|programas?|anexo|internado|internamiento|tratamiento"
        rf"|residencial|estancia|inpatient|residential|program)\s+(?:de|por|for)\s+{_LENGTH}\b"
        r"(?!\s*(?:old|de edad))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w){_LENGTH}(?=\s+or\s+\d{{1,3}}\s*-?\s*(?:day|week|month)s?\b)",
               re.IGNORECASE),
)  # fmt: skip
MILITARY_ZIPS = re.compile(r"^(?:09\d|340|96[2-6])")
MILITARY_MAIL = re.compile(r"\b(?:APO|FPO|DPO)\b")


@dataclass(frozen=True)
class Numbers:
    """What the numbers of a text say, and the text without them.

    ``within``: miles, the next of the distances that the search offers. ``sex`` is "m" or "f".
    ``stay``: days that a residential program lasts.
    """

    rest: str
    phone: str = ""
    zip_code: str = ""
    within: str = ""
    ages: tuple[int, ...] = ()
    sex: str = ""
    stay: tuple[int, ...] = ()
    is_military_mail: bool = False
    has_street: bool = False


def read_numbers(text: str) -> Numbers:
    """Take the numbers that mean something out of a text.

    >>> numbers = read_numbers("my son 16 in 11206-1234")
    >>> numbers.zip_code, numbers.ages, numbers.rest.split()
    ('11206', (16,), ['my', 'son', 'in'])
    """
    numbers = Numbers(text)
    if match := _PHONE.search(text):
        numbers = replace(numbers, phone="".join(match.groups()))
        text = _without(text, match)
    text = _SPACED_ZIP.sub(r"\1\2\3\4\5", text)
    if MILITARY_MAIL.search(text):
        numbers = replace(numbers, is_military_mail=True)
        text = MILITARY_MAIL.sub(" ", text)
    text = _DOSE.sub(" ", text)  # "on 90 mg methadone" is "on methadone"
    text = _HOW_MANY_CHILDREN.sub("", text)
    if match := _STREET.search(text):
        numbers = replace(numbers, has_street=True)
        text = _without(text, match)
    for match in _ZIP.finditer(text):
        if sum(character.isdigit() for character in match[1]) >= 4:
            code = match[1].translate(_DIGIT_LOOK_ALIKES)
            numbers = replace(numbers, zip_code=code)
            if MILITARY_ZIPS.match(code):
                numbers = replace(numbers, is_military_mail=True)
            text = _without(text, match)
            break
    if match := _WITHIN.search(text):
        miles = int(match[1])
        within = next((radius for radius in RADIUS_CHOICES if radius >= miles), RADIUS_CHOICES[-1])
        numbers = replace(numbers, within=str(within))
        text = _without(text, match)
    if match := _SEX_BESIDE_AGE.search(text):
        numbers = replace(numbers, sex=match[1].lower())
    elif match := _SEX_BEFORE_AGE.search(text):
        numbers = replace(numbers, sex=match[1].lower())
        text = f"{text[: match.start()]} age {text[match.end() :]}"
    stays = []
    for pattern in _STAYS:
        while match := pattern.search(text):
            stays.append(int(match[1]) * _days(match[2]))
            text = f"{text[: match.start(1)]} {text[match.end() :]}"
    ages = []
    for pattern in _AGES:
        while match := pattern.search(text):
            ages.append(int(match[1]))
            end = match.end()
            if sex := _SEX_BEHIND.match(text, end):
                end = sex.end()
            text = text[: match.start(1)] + " " + text[end:]
    return replace(
        numbers,
        rest=text,
        ages=tuple(age for age in ages if 5 <= age <= 110),
        stay=tuple(stays),
    )


def _days(unit: str) -> int:
    return next(days for pattern, days in _DAYS_OF if pattern.fullmatch(unit))


def _without(text: str, match: re.Match) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
