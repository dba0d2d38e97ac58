"""Names and texts as people type them."""

import re
import unicodedata

DOTS = re.compile(r"[•‧・･∙●]")  # between the parts of a name, all for ·
DASHES = re.compile(r"[‐‑‒–—―−﹣⸺ー]")


def clean(text):
    """Return text in half width, on one line, without what nobody sees.

    :param text: whatever was typed; None and False are no text
    :return: text; empty when nothing but blanks and invisible characters was typed
    """
    text = unicodedata.normalize("NFKC", str(text or ""))
    seen = (
        " " if char.isspace() or unicodedata.category(char) == "Cc" else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )
    return " ".join("".join(seen).split())


def name_key(name):
    """Return what two spellings of one name have in common; empty for no name."""
    return DOTS.sub("·", clean(name)).replace(" ", "").casefold()
