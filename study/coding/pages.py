"""The few pages that the server writes itself: a sentence, the sign-in form, signing out."""

from __future__ import annotations

from html import escape
from string import Template

FRAME = Template(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
$head<title>$title</title>
<link rel="stylesheet" href="/page/signin.css">
<main>
<h1>$title</h1>
$body
</main>
</html>
"""
)
FORM = Template(
    """$error<form method="post" action="/signin">
<input type="hidden" name="form" value="$proof">
<p><label for="coder">Your name as a coder</label>
<input id="coder" name="coder" value="$coder" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="100" required></p>
<p><label for="secret">Your secret</label>
<input id="secret" name="secret" type="password" autocomplete="current-password"
 maxlength="200" required></p>
<p><button>Sign in</button></p>
</form>
<p class="note">Whoever runs the server gives each coder a secret, with
<code>study code --invite NAME</code>.</p>"""
)
BUTTON = Template(
    """<p>You are signed in as $coder. What the page showed as saved is saved.</p>
<form method="post" action="/signout">
<input type="hidden" name="form" value="$proof">
<p><button>Sign out</button> <a href="/">Back to coding</a></p>
</form>"""
)


def sentence(title: str, *paragraphs: str) -> str:
    """Return a page that says something; words between backticks are shown as typed."""
    return _page(title, "\n".join(f"<p>{_typed(text)}</p>" for text in paragraphs))


def onward() -> str:
    """Return a page that opens the coding page anew.

    A browser that comes by a link on another site does not send the cookie with this request; it
    does with the next one, which then comes from this site.
    """
    refresh = '<meta http-equiv="refresh" content="0; url=/">\n'
    return _page("One moment", '<p><a href="/">Open the coding page</a></p>', refresh)


def form(proof: str, coder: str = "", error: str = "") -> str:
    """Return the sign-in form."""
    alert = f'<p role="alert">{escape(error)}</p>\n' if error else ""
    return _page("Sign in", FORM.substitute(error=alert, proof=escape(proof), coder=escape(coder)))


def farewell(proof: str, coder: str) -> str:
    """Return the page with the sign-out button."""
    return _page("Sign out", BUTTON.substitute(proof=escape(proof), coder=escape(coder)))


def _page(title: str, body: str, head: str = "") -> str:
    return FRAME.substitute(title=escape(title), body=body, head=head)


def _typed(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
