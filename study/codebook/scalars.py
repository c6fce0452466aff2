"""How a text is written in YAML: plain where that is safe, in quotes, or folded over lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from study.errors import NotPossibleError

# What may stand without quotes wherever a value may: it begins with a letter and holds no sign
# that means something to YAML; and words that some reader takes for yes, no or nothing do not.
PLAIN = re.compile(r"[^\W\d_](?:[\w .;()'/!?*+$%^=_~<>-]*[\w.)!?*+$%-])?")
WORDS = re.compile(r"y|n|yes|no|on|off|true|false|null|nan|inf", re.IGNORECASE)
# Characters that a YAML reader folds, drops or refuses when they are not escaped.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
SPACE = re.compile(r"(?<=\S) (?=\S)")  # where a folded text may be broken


def clean(text: str) -> str:
    """Return a text as a codebook keeps it: LF line ends, no spaces at the end of a line.

    Raises
    ------
    NotPossibleError
        The text holds halves of characters, which no file can keep.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise NotPossibleError("the text holds characters that are not text; type it again")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def flow(text: str, quote: str = "") -> str:
    """Return a text on one line, plain if it can be; `quote` is the kind of quotes to prefer."""
    if not quote and PLAIN.fullmatch(text) and not WORDS.fullmatch(text):
        return text
    odd = ODD.search(text) or "\n" in text or "\t" in text
    if not odd and (quote == "'" or (not quote and ('"' in text or "\\" in text))):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if not ODD.match(letter):
        return ESCAPES.get(letter, letter)
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"


def block(text: str, indent: int, width: int, style: str = ">") -> str:
    """Return a text as a block: its sign, then indented lines; in quotes where it must be.

    Parameters
    ----------
    text
        A text as `clean` returns it.
    indent
        Column of the text's lines.
    width
        Characters in a line, indent included, where there is a choice.
    style
        `>` for folded lines, `|` for lines as they are.
    """
    if not text or ODD.search(text):
        return flow(text)
    folds = style == ">" and not re.search(r"^[ \t]", text, re.MULTILINE)
    lines = list(_folded(text, max(width - indent, 20))) if folds else text.split("\n")
    body = "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in lines)
    return f"{'>' if folds else '|'}-{body}"


def _folded(text: str, width: int) -> Iterable[str]:
    """Yield lines that a reader joins again; one more empty line for each line break."""
    for number, paragraph in enumerate(text.split("\n")):
        if number:
            yield ""
        line = ""
        for word in SPACE.split(paragraph):
            if line and len(line) + 1 + len(word) > width:
                yield line
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line:
            yield line


def flow_list(items: Iterable[str], indent: int, width: int) -> str:
    """Return texts as a list in brackets, on as many lines as it takes."""
    lines = [""]
    for text in map(flow, items):
        if lines[-1] and indent + len(lines[-1]) + len(text) + 3 > width:
            lines.append("")
        lines[-1] += f"{text}, "
    return "[" + f"\n{' ' * indent}".join(line.rstrip() for line in lines).removesuffix(",") + "]"
