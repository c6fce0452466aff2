"""Which words of an interview say nothing about its subject, and which are forms of one word.

Nothing here is downloaded: NLTK's lists of stop words are a corpus of their own, so this module
keeps one list of English function words and one of what is spoken but not meant ("um", "yeah",
"sort of").  For other languages there is no list; callers say so or use frequencies instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from study.text import words

_FUNCTION_WORDS = """
a about above across after again against ago all almost along already also although always am
among an and another any anybody anyone anything anyway are around as at away back be became
because become been before behind being below beside besides between beyond both but by came can
cannot come comes coming could did do does doing done down during each either else enough
especially etc even ever every everybody everyone everything except far few first for from further
gave get gets getting give given gives giving go goes going gone got had half has have having he
hence her here hers herself him himself his how however i if in indeed inside instead into is it
its itself just keep keeps kept last later least less let lets like likely made make makes making
many may maybe me might mine more most much must my myself near never nevertheless next no nobody
none nor not nothing now of off often on once one ones only onto or other others otherwise our
ours ourselves out over own per perhaps possibly put puts quite rather really said same saw say
saying says see seem seemed seems seen self several shall she should since so some somebody
somehow someone something sometimes somewhere soon still such sure take taken takes taking tell
than that the their theirs them themselves then there therefore these they thing things think
thinking thinks third this those though thought three through thus to together told too took
toward towards try trying two under until up upon us use used uses using usually very want wanted
wants was way ways we well went were what whatever when whenever where whereas wherever whether
which whichever while who whoever whole whom whose why will with within without would yes yet you
your yours yourself yourselves second four five six seven eight nine ten able actual ask asked
asking bit call called certain different feel feels felt find found good great happen happened
happens kind knew know known knows look looked looking looks lot lots mean means need needed needs
new old part people person place point probably question remember right run sit sort start started
stuff talk talked talking talks thank thanks turn turned type whatsoever
"""

_SPOKEN = """
actually ah aha alright anyways aw basically cos cuz definitely dunno eh em er erm exactly fair
fine gonna gotta guess ha haha hello hey hi hm hmm honestly huh kinda literally look maybe mhm mm
mmm mm-hm mm-hmm uh-huh nah nope obviously oh ok okay ooh oops ouch perfect please pretty really
sorry sorta speak totally true truly uh uhm um umm wanna wow ya yeah yep yup absolutely
"""

_COUNTED = """
eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
millions cent percent dozen half twice today tomorrow tonight yesterday monday tuesday wednesday
thursday friday saturday sunday january february march april june july august september october
november december day days morning night afternoon minute minutes year years ago o'clock time
times number
"""

_CONTRACTED = """
ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll he's here's
how's i'd i'll i'm i've isn't it'd it'll it's let's mightn't mustn't needn't she'd she'll she's
shouldn't that'd that'll that's there'd there'll there's they'd they'll they're they've wasn't
we'd we'll we're we've weren't what's what're when's where's who'd who'll who's why's won't
would've wouldn't could've should've must've might've you'd you'll you're you've y'know
"""

FUNCTION_WORDS: frozenset[str] = frozenset(_FUNCTION_WORDS.split())
FILLERS: frozenset[str] = frozenset(_SPOKEN.split())
_ENGLISH = FUNCTION_WORDS | FILLERS | frozenset([*_COUNTED.split(), *_CONTRACTED.split()])


def stop_words(language: str = "english") -> frozenset[str]:
    """Return the words that say nothing about a subject; empty for languages without a list."""
    return _ENGLISH if language == "english" else frozenset()


def bare(word: str) -> str:
    """Take a possessive ending off a word in lower case."""
    return word.removesuffix("'s").rstrip("'")


def content_words(text: str, language: str = "english") -> list[str]:
    """Return the words of a passage that may say something about its subject, in their order."""
    stops = stop_words(language)
    kept = (bare(word) for word in words(text) if word not in stops)
    return [word for word in kept if len(word) > 1 and word not in stops]


def folding(counts: Mapping[str, int], language: str = "english") -> dict[str, str]:
    """Map every word to the most frequent word of its stem ("courses" to "course").

    Parameters
    ----------
    counts
        How often each word occurs; ties go to the shorter word, then to the alphabet.
    language
        One of the languages of the Snowball stemmers (Porter 2001); words of others stay as they
        are.

    Returns
    -------
    dict of str to str
        One entry for each word of `counts`.
    """
    import Stemmer  # type: ignore[import-not-found, unused-ignore]

    if language not in Stemmer.algorithms():
        return {word: word for word in counts}
    families: dict[str, list[str]] = {}
    for word, stem in zip(counts, Stemmer.Stemmer(language).stemWords(list(counts)), strict=True):
        families.setdefault(stem, []).append(word)
    chosen = {
        key: min(family, key=lambda word: (-counts[word], len(word), word))
        for key, family in families.items()
    }
    return {word: chosen[key] for key, family in families.items() for word in family}


def fold(passages: Iterable[list[str]], language: str = "english") -> list[list[str]]:
    """Replace each word of each passage by the most frequent word of its stem."""
    kept = list(passages)
    forms = folding(Counter(word for passage in kept for word in passage), language)
    return [[forms[word] for word in passage] for passage in kept]
