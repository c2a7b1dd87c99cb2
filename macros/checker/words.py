"""A sentence to its words: normal forms, and the classes of words that do the same work."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

APOSTROPHE = r"(?:['’‘`´]|&(?:#0*39|#x0*27|#8217|#x2019|apos|rsquo|lsquo);)"
"""As typed, or as a web page writes it."""
WORD = re.compile(
    r"(?P<blank>\[[^\]\n]*\])"
    rf"|(?P<word>[^\W_]+(?:{APOSTROPHE}[^\W_]+)*['’]?(?<=[\w'’]))"
    r"|(?P<entity>&(?:#\d+|#x[\da-fA-F]+|[a-z]+);)"
    r"|(?P<mark>[!?])"
    r"|(?P<sign>[^\w\s,.;:()\"“”'’‘\[\]/—–-])"
)
QUOTED = re.compile(
    r"[\"“][^\"”\n]{2,}[\"”]|(?<!\w)['‘][^'’\n]{3,}['’](?!\w)",
)
PAUSE = re.compile(r"[,;:.()—–]|\s-\s")
ALONE = re.compile(r"I(?:\b|['’])")
"""The word that has its capital anywhere."""
INNER = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?|\d+(?:[.,:]\d+)*(?:am|pm|k|h)?")

SHORT = {
    "'d": "would",
    "'ll": "will",
    "'m": "am",
    "'ve": "have",
    "'re": "are",
}
"""What the ends of contracted words stand for."""

SAME = dict(
    line.strip().split(" = ")
    for line in """
    aint = is not
    ain't = is not
    arent = are not
    bc = because
    can't = can not
    cannot = can not
    cant = can not
    cos = because
    couldnt = could not
    cus = because
    cuz = because
    didnt = did not
    doesnt = does not
    dont = do not
    fae = from
    gimme = give me
    gonna = going to
    gunna = going to
    hes = he is
    id = i would
    il = i will
    ill = i will
    im = i am
    isnt = is not
    it's = it is
    its = it is
    ive = i have
    lemme = let me
    ma = my
    n = and
    o = of
    pls = please
    plz = please
    r = are
    shan't = shall not
    shant = shall not
    shes = she is
    ta = thanks
    tae = to
    that's = that is
    thats = that is
    there's = there is
    theyve = they have
    tho = though
    thx = thanks
    ty = thank you
    tysm = thank you
    u = you
    ur = your
    w = with
    wanna = want to
    wasnt = was not
    weve = we have
    what's = what is
    wi = with
    won't = will not
    wont = will not
    wouldnt = would not
    y'all = you
    ya = you
    yall = you
    ye = you
    yer = your
    yous = you
    youse = you
    youre = you are
    youve = you have
    """.strip().splitlines()
)
"""Words as people type them, and what they stand for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its normal form, and where it stands in its sentence."""

    form: str
    start: int
    end: int
    named: bool = False
    """It has a capital where no sentence begins."""
    inside: bool = False
    """It stands inside a blank."""
    pause: bool = False
    """A comma or the like stands before it."""
    quoted: bool = False
    """It stands between quotation marks."""

    @property
    def stem(self) -> str:
        """The form without its ending, roughly."""
        return stem(self.form)


ENDINGS = (("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))


@functools.lru_cache(maxsize=65536)
def stem(form: str) -> str:
    """Return *form* without its ending, roughly.

    >>> stem("meetings"), stem("gladly"), stem("was")
    ('meet', 'glad', 'was')
    """
    for _ in range(2):
        for ending, rest in ENDINGS:
            if form.endswith(ending) and len(form) - len(ending) >= 4:
                form = form[: -len(ending)] + rest
                break
        else:
            break
    return form


def words(text: str) -> list[Word]:
    """Return the words of a sentence; what is contracted comes apart.

    >>> [word.form for word in words("I’d luv it sooo much, Dana's team!")]
    ['i', 'would', 'luv', 'it', 'soo', 'much', 'dana', 'team', '!']
    """
    found: list[Word] = []
    last = 0
    shouted = text.isupper()
    quotes = [match.span() for match in QUOTED.finditer(text)]
    for match in WORD.finditer(text):
        raw, (start, end) = match[0], match.span()
        gap, last = text[last:start], end
        pause = bool(found) and gap != " " and bool(PAUSE.search(gap))
        if match["blank"]:
            found.append(Word("[]", start, end, pause=pause))
            found += [
                Word(form, start, end, inside=True)
                for inner in INNER.finditer(raw)
                for form in normal(inner[0])
            ]
        elif match["word"]:
            named = bool(found) and not shouted and raw[0].isupper() and not ALONE.match(raw)
            forms = normal(raw)
            quoted = any(left <= start < right for left, right in quotes)
            found.append(Word(forms[0], start, end, named, pause=pause, quoted=quoted))
            found += [Word(form, start, end, named, quoted=quoted) for form in forms[1:]]
        elif not match["entity"]:
            found.append(Word(raw if match["mark"] else "#", start, end, pause=pause))
    return found


@functools.lru_cache(maxsize=65536)
def normal(raw: str) -> tuple[str, ...]:
    """Return the normal forms that a word as typed stands for."""
    form = re.sub(APOSTROPHE, "'", raw.lower()).rstrip("'")
    form = re.sub(r"(.)\1{2,}", r"\1\1", form)
    if NUMBER.fullmatch(form):
        return ("0",)
    if form in SAME:
        return tuple(SAME[form].split())
    if form.endswith("n't"):
        return form[:-3], "not"
    for end, whole in SHORT.items():
        if form.endswith(end):
            return form[: -len(end)], whole
    return (form.removesuffix("'s"),)


class Lexicon:
    """Looks up the classes of words; a class lists words, and stems with ``*``."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self.whole: dict[str, list[str]] = {}
        self.stems: dict[str, list[str]] = {}
        for name, members in classes.items():
            for member in members.split():
                place = self.stems if member.endswith("*") else self.whole
                place.setdefault(member.rstrip("*"), []).append(name)
        self.frames = {
            frame(form): form for form in [*self.whole, *self.stems] if len(frame(form)) >= MISSPELT
        }
        self.classes = functools.lru_cache(maxsize=65536)(self._classes)

    def _classes(self, form: str) -> tuple[str, ...]:
        """Return the classes of a word."""
        found = list(self.whole.get(form, ()))
        for length in range(len(form), 2, -1):
            found += self.stems.get(form[:length], ())
        return tuple(dict.fromkeys(found))

    def spelled(self, form: str) -> str:
        """Return the known word that *form*, which is unknown, is a slip for.

        >>> Lexicon({"THANK": "grateful appreciat*"}).spelled("greatful")
        'grateful'
        """
        return self.frames.get(frame(form), form) if len(form) >= MISSPELT else form


MISSPELT = 5
"""Shorter words are too like one another to guess what was meant."""


def frame(form: str) -> str:
    """Return the first letter and the consonants of a word, which survive most slips.

    >>> frame("oppertunity") == frame("opportunity")
    True
    """
    kept = form[:1] + re.sub(r"[aeiouy'h]", "", form[1:])
    return re.sub(r"(.)\1+", r"\1", kept)
