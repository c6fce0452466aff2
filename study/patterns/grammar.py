"""From the text of a pattern to what it means, with a plain sentence for whatever is wrong.

pattern  = level, ["[", option, {",", option}, "]"]
level    = phrase, {"|", phrase}  or  phrase, {"NEAR/5", phrase}, {"NOT" or "NOT NEAR/5", phrase}
phrase   = part, {part}
part     = word | ~word | stem(word) | "words" | /expression/ | "(", level, ")"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from study.files import suggest
from study.patterns import expressions
from study.patterns.tree import (
    Either,
    Expression,
    Near,
    Node,
    Pattern,
    Phrase,
    Stem,
    Without,
    Word,
    below,
    walk,
)
from study.patterns.words import WORD, plain

LONGEST = 2_000  # characters of a pattern
DEEPEST = 20  # brackets inside brackets
FARTHEST = 100  # words between
OPTIONS: dict[str, tuple[str, Any]] = {
    "participant": ("speaker", "participant"),
    "interviewer": ("speaker", "interviewer"),
    "anyone": ("speaker", "anyone"),
    "sentence": ("passage", "sentence"),
    "turn": ("passage", "turn"),
    "words": ("passage", "words"),
    "accents": ("accents", True),
}
"""What may stand in square brackets at the end of a pattern, and what it sets."""

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<quoted>[\"\u201c\u201d\u201e][^\"\u201c\u201d\u201e]*(?P<closed>[\"\u201c\u201d\u201e])?)"
    r"|(?P<near>NEAR(?:\s*/\s*(?P<number>\w*))?(?![^\s()|]))"
    r"|(?P<word>(?:NOT|AND|OR)(?![^\s()|]))"
    r"|(?P<stem>stem\s*\((?P<stemmed>[^()]*)(?P<shut>\))?)"
    r"|(?P<expression>/(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^/\\\[])*(?P<ended>/)?)"
    r"|(?P<sign>[()|])"
    r"|(?P<bare>[^\s()|\"\u201c\u201d\u201e]+)"
    r")",
    re.DOTALL,
)
_MISTAKEN = {"AND": "NEAR/5, or a phrase in quotes", "OR": "|"}


class PatternError(ValueError):
    """A pattern that cannot be read; `at` is where in it, counted from 0."""

    def __init__(self, message: str, at: int = 0) -> None:
        self.at = at
        super().__init__(f"{message} (character {at + 1})")


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a pattern: `kind` is part, bare, near, not, | or a bracket."""

    kind: str
    text: str
    at: int
    node: Node | None = None
    distance: int = 0


def parse(text: str) -> Pattern:
    """Read one pattern.

    Parameters
    ----------
    text
        As it stands in codebook.yaml; docs/rules.md says what may.

    Raises
    ------
    PatternError
        A ValueError whose message is a plain sentence: what is wrong, and where.
    """
    if len(text) > LONGEST:
        raise PatternError(f"a pattern may have {LONGEST:,} characters, this has {len(text):,}")
    body, options = _options(text)
    tokens = list(_tokens(body))
    if not tokens:
        raise PatternError("there is nothing to look for: write a word, a phrase or a /regex/")
    reader = _Reader(tokens, len(body.rstrip()))
    tree = reader.level(0)
    if reader.here is not None:
        raise PatternError("there is a ) without a ( before it", reader.here.at)
    _require_words(tree)
    return Pattern(text.strip(), tree, **options)


def _options(text: str) -> tuple[str, dict[str, Any]]:
    """Return a pattern without the options at its end, and these."""
    found = re.search(r"\[([\w\s,;]*)\]\s*$", text)
    if found is None:
        return text, {}
    options: dict[str, Any] = {}
    for name in re.finditer(r"[^,;\s]+", found[1]):
        at = found.start(1) + name.start()
        if name[0] not in OPTIONS:
            hint = suggest(name[0], OPTIONS) or f"; there are: {', '.join(OPTIONS)}"
            raise PatternError(f"there is no option {name[0]!r}{hint}", at)
        key, value = OPTIONS[name[0]]
        if options.setdefault(key, value) != value:
            raise PatternError(f"{name[0]!r} and {options[key]!r} contradict each other", at)
    return text[: found.start()], options


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise PatternError(f"{text[place:].strip()[0]!r} has no meaning here", place)
        at = found.start() + len(found[0]) - len(found[0].lstrip())
        yield _token(found, at)
        place = found.end()
        if found["expression"] and re.match(r"[^\s()|\[]", text[place:]):
            message = "the / ends the regular expression; write \\/ for one inside it"
            raise PatternError(message, place - 1)


def _token(found: re.Match[str], at: int) -> _Token:
    text = found[0].strip()
    if found["sign"]:
        return _Token(text, text, at)
    if found["near"]:
        return _Token("near", text, at, distance=_distance(found["number"], at))
    if found["word"] == "NOT":
        return _Token("not", text, at)
    if found["word"]:
        raise PatternError(f"there is no {text}; did you mean {_MISTAKEN[text]}?", at)
    if found["quoted"]:
        if not found["closed"]:
            raise PatternError("the quotation mark is never closed", at)
        return _Token("part", text, at, _phrase(_quoted(text, at)))
    if found["stem"]:
        if not found["shut"]:
            raise PatternError("stem( is never closed", at)
        return _Token("part", text, at, _stem(found["stemmed"].strip(), at))
    if found["expression"]:
        return _Token("part", text, at, _expression(text, bool(found["ended"]), at))
    return _Token("bare", text, at, _phrase(_bare(text, at)))


def _distance(number: str | None, at: int) -> int:
    if not number or not re.fullmatch(r"[0-9]{1,3}", number) or int(number) > FARTHEST:
        message = f"NEAR needs how many words may stand between, 0 to {FARTHEST}, as in NEAR/5"
        raise PatternError(message, at)
    return int(number)


def _expression(text: str, ended: bool, at: int) -> Expression:
    if not ended:
        message = "the / begins a regular expression that is never closed with another /"
        raise PatternError(f"{message}; words with a / in them need quotes", at)
    source = text[1:-1].replace("\\/", "/")
    try:
        expressions.compiled(source)
    except ValueError as error:
        raise PatternError(f"the regular expression {error}", at) from None
    return Expression(source)


def _stem(word: str, at: int) -> Stem:
    if not WORD.fullmatch(word):
        message = "one word without wildcards or hyphens, as in stem(partnership) or ~partner"
        raise PatternError(f"a stem is made of {message}, not of {word!r}", at)
    return Stem(word)


def _quoted(text: str, at: int) -> list[Node]:
    """Return the words between quotation marks; punctuation does not count."""
    parts: list[Node] = []
    for piece in re.finditer(r"[^\s\"\u201c\u201d\u201e]+", text):
        bare = re.sub(
            r"[^\w\u0300-\u036f\u00ad\u200c\u200d\u2060'\u2019*?~]+|_", "-", piece[0]
        ).strip("-'\u2019")
        parts += _bare(bare, at + piece.start()) if bare else []
    if not parts:
        raise PatternError("there is no word between the quotation marks", at)
    return parts


def _bare(text: str, at: int) -> list[Node]:
    """Return the words of a piece without spaces; a hyphen parts them."""
    if text.startswith("~"):
        return [_stem(text[1:], at)]
    if near := re.fullmatch(r"near/?(\d*)", text, re.IGNORECASE):
        raise PatternError(f"did you mean NEAR/{near[1] or 5} instead of {text!r}?", at)
    parts: list[Node] = []
    for piece in re.finditer(r"[^\u2010\u2011-]+", text):
        word = piece[0]
        # A wildcard may stand wherever a letter may.
        if not WORD.fullmatch(word.replace("*", "x").replace("?", "x")):
            raise PatternError(_misplaced(word), at + piece.start())
        parts.append(Word(word))
    if not parts:
        raise PatternError(f"there is no word in {text!r}", at)
    return parts


def _misplaced(word: str) -> str:
    """Say which sign of a word belongs to none, and what to write."""
    letters = word.replace("*", "x").replace("?", "x")
    sign = next((one for one in letters if not WORD.fullmatch(one)), word[0])
    if sign in "[]":
        return "[ ] hold options and stand at the end, as in partner* [interviewer]"
    if sign == "/":
        return f"{word!r} holds a /; put words in quotes, and a /regular expression/ between two"
    if sign in "'\u2018\u2019":
        return "a phrase stands in double quotes"
    return (
        f"{sign!r} is no part of a word; put words in quotes, and signs in a /regular expression/"
    )


def _phrase(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Phrase(tuple(parts))


class _Reader:
    """Reads tokens one after the other; `end` is where the pattern ends."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self.tokens = tokens
        self.place = 0
        self.end = end

    @property
    def here(self) -> _Token | None:
        """Return the next token, None at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, *kinds: str) -> _Token | None:
        """Return the next token if it is of one of these kinds, and go on."""
        token = self.here
        if token is None or token.kind not in kinds:
            return None
        self.place += 1
        return token

    def level(self, depth: int) -> Node:
        """Read what stands between two brackets, or in the whole pattern."""
        if depth > DEEPEST:
            raise PatternError("there are too many brackets inside brackets", self.tokens[0].at)
        node, former = self.phrase(depth, ""), ""
        alternatives = [node]
        while operator := self.take("|", "near", "not"):
            kind = operator.kind
            if former and kind != former and (former, kind) != ("near", "not"):
                _mixed(operator)
            former = kind
            if kind == "|":
                alternatives.append(self.phrase(depth, "|"))
            elif kind == "near":
                node = Near(node, self.phrase(depth, operator.text), operator.distance)
            else:
                node = self.without(node, operator, depth)
        return Either(tuple(alternatives)) if former == "|" else node

    def without(self, kept: Node, operator: _Token, depth: int) -> Without:
        """Read what stands after NOT."""
        near = self.take("near")
        taken = self.phrase(depth, "NOT")
        if near is None and _never_meet(kept, taken):
            message = (
                "NOT takes away hits that share a word with what follows it, and here none can"
            )
            remedy = 'write NOT "the phrase" or, for a word nearby, NOT NEAR/5'
            raise PatternError(f"{message}; {remedy}", operator.at)
        return Without(kept, taken, near.distance if near else None)

    def phrase(self, depth: int, after: str) -> Node:
        """Read parts that follow each other."""
        parts: list[Node] = []
        tokens: list[_Token] = []
        while token := self.take("part", "bare", "("):
            tokens.append(token)
            if token.node is not None:
                node = token.node
            else:
                node = self.level(depth + 1)
                if not self.take(")"):
                    raise PatternError("the ( is never closed", token.at)
            parts += node.parts if isinstance(node, Phrase) else [node]
        if not parts:
            self.fail(after)
        _require_meant(tokens)
        return _phrase(parts)

    def fail(self, after: str) -> NoReturn:
        """Say that something is missing here."""
        token = self.here
        at = token.at if token else self.end
        if after:
            raise PatternError(f"after {after} something to look for is missing", at)
        before = f"before {token.text}" if token and token.text != ")" else "between ( and )"
        raise PatternError(f"{before} something to look for is missing", at)


def _mixed(operator: _Token) -> NoReturn:
    message = "brackets are missing: with |, NEAR and NOT together, say what belongs together"
    raise PatternError(f"{message}, as in (a | b) NEAR/5 c or (a | b) NOT c", operator.at)


def _require_meant(tokens: list[_Token]) -> None:
    """Ask back where a word between words looks like an operator."""
    for _, token in pairwise(tokens[:-1]):
        meant = {"or": "|", "not": "NOT"}.get(token.text)
        if token.kind == "bare" and meant:
            message = f"did you mean {meant} instead of {token.text!r}?"
            raise PatternError(f"{message} If it is a phrase, put it in quotes", token.at)


def _never_meet(kept: Node, taken: Node) -> bool:
    """Tell whether two single words, or alternatives of such, can't be the same word."""
    mine, theirs = _single(kept), _single(taken)
    return bool(mine and theirs) and not mine & theirs


def _single(node: Node) -> set[str]:
    """Return the plain words that a part may be; none where it may be anything else."""
    if isinstance(node, Word) and not node.wild:
        return {plain(node.text)}
    if isinstance(node, Either):
        each = [_single(part) for part in node.parts]
        return set().union(*each) if all(each) else set()
    return set()


def _require_words(tree: Node) -> None:
    """Refuse a pattern of which some side would find every word there is."""
    sides = [tree]
    for node in walk(tree):
        if isinstance(node, Near):
            sides += [node.left, node.right]
        elif isinstance(node, Without):
            sides.append(node.taken)
    if any(map(_finds_all, sides)):
        raise PatternError("wildcards alone would find every word; add letters")


def _finds_all(node: Node) -> bool:
    if isinstance(node, Word):
        return not node.text.strip("*?")
    if isinstance(node, Without):
        return _finds_all(node.kept)
    together = all if isinstance(node, Phrase) else any
    return bool(below(node)) and together(map(_finds_all, below(node)))
