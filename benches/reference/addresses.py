"""What address a text holds (P1), and whether a text names somebody erased (C4)."""
import html
import re
import unicodedata
from email.header import decode_header, make_header
from functools import lru_cache
from urllib.parse import unquote

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?=[^/])", re.IGNORECASE)
DIRECTORY = re.compile(r"^(ex:)?/o=", re.IGNORECASE)
ENCODED = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)
ENCAPSULATED = re.compile(r"^imcea(?!ex-)[a-z0-9]+-(.*)@([^@]*)$", re.IGNORECASE)
INSIDE = re.compile(r"[^\s<>()'\"=;:@]+@[^\s<>()'\"=;:@]+\.[^\s<>()'\"=;:@]+")
OWN_DOMAINS = set()     # in ASCII, set by whoever knows the settings
NOTHING = {"null", "<na>", "nat", "(null)", "<null>", "[null]", "n/a", "#n/a", "undefined", "\\n", "none", "nil", "nan", "-"}
QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb"))


def without(text, opening, closing):
    """The text without what stands in brackets, which may be nested; quoted text is kept."""
    kept, depth, quoted, previous = [], 0, False, ""
    for char in text:
        if char == '"' and previous != "\\" and depth == 0:
            quoted = not quoted
        if not quoted and char == opening:
            depth += 1
        elif not quoted and char == closing and depth:
            depth -= 1
        elif depth == 0:
            kept.append(char)
        previous = char
    return "".join(kept) if depth == 0 else text


def directory(text):
    """The path of an Exchange directory address in one spelling, or None."""
    text = text.strip().lower()
    if text.startswith("imceaex-"):
        local = text[len("imceaex-"):].rpartition("@")[0] or text[len("imceaex-"):]
        return re.sub(r"\+([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), local.replace("_", "/"))
    if text.startswith("x500:"):
        text = text[5:]
    if DIRECTORY.match(text):
        return text[3:] if text.startswith("ex:") else text
    return None


def plus_bytes(text):
    """The text in which +xx stands for a byte."""
    return re.sub(r"(?:\+[0-9a-f]{2})+", lambda m: bytes.fromhex(m[0].replace("+", "")).decode("utf-8", "replace"), text, flags=re.IGNORECASE)


def unescaped(text):
    """The text without what mail, HTML, links, word processors and Exchange do to it."""
    if "&" in text:
        text = html.unescape(text)
    if re.match(r"\s*mailto:", text, re.IGNORECASE):
        text = re.sub(r"(?i)^(\s*mailto:)/+", r"\1", unquote(text)).partition("?")[0]
    if ENCODED.search(text):
        angle = re.search(r"<[^<>@]*@[^<>]*>\s*$", text)
        text = angle[0] if angle else str(make_header(decode_header(text)))
    if any("\uff00" <= char <= "\uffef" for char in text):
        text = unicodedata.normalize("NFKC", text)
    text = text.translate(QUOTES).replace("\xa0", " ").strip()
    angle = re.search(r"<\s*(imcea[^<>]*)>", text, re.IGNORECASE)
    known = ENCAPSULATED.match(angle[1] if angle else text)
    if known:
        inside = INSIDE.search(plus_bytes(known[1]).replace("(a)", "@"))
        own = any(known[2].lower() == d or known[2].lower().endswith("." + d) for d in OWN_DOMAINS)
        text = inside[0] if inside else "" if own else text
    return text


def bare(text):
    """One address without scheme, quotes and a trailing dot of its domain."""
    text = text.strip().strip("<>").strip()
    while (match := SCHEME.match(text)):
        text = text[match.end():].strip()
    text = text.strip("'\"").strip()
    if "@" in text:
        local, _, domain = text.rstrip(".").rpartition("@")
        text = f"{local}@{in_ascii(domain)}"
    return text


def in_ascii(domain):
    """A domain in the letters of DNS."""
    try:
        return domain if domain.isascii() else domain.lower().encode("idna").decode()
    except UnicodeError:
        return domain


@lru_cache(maxsize=None)
def address(text):
    """The address in a text, in the form in which addresses compare; None where it is nobody's."""
    if text is None:
        return None
    text = unicodedata.normalize("NFC", unescaped(text.strip()).strip())
    if not text or text.lower() in NOTHING:
        return None
    in_brackets = re.search(r"[<\[]\s*((?:ex:)?/o=[^<>\]]*)[>\]]", text, re.IGNORECASE)
    known = directory(in_brackets[1] if in_brackets else text)
    if known:
        return known
    plain = without(text, "(", ")").strip()
    if plain.count("(") != plain.count(")"):
        plain = plain.strip("() ")
    if re.fullmatch(r"\([^()\s]+@[^()\s]+\)", text):
        plain = text[1:-1]
    plain = re.sub(r"(?<=[^\s<>,;:])\s*@\s*(?=[^\s<>,;]+\s*$)", "@", plain) if plain.count("@") == 1 and len(plain.split()) <= 3 else plain
    angle = re.search(r"<\s*([^<>]*?)\s*>", re.sub(r'"(?:\\.|[^"\\])*"(?=[^@]*<)', "", plain))
    if angle and angle[1]:
        known = directory(angle[1])
        return known or bare(angle[1]).lower() or None
    if re.fullmatch(r"[^:;<>@]*:\s*;(@.*)?", plain):
        return None
    group = re.fullmatch(r"[^:;<>@]*:\s*(.*;)", plain)
    if group and not SCHEME.match(plain):
        plain = group[1]
    if "@" in plain:
        parts = [part for part in re.split(r"[,;]", plain) if "@" in part]
        plain = parts[0] if parts else plain
        words = [word for word in plain.split() if "@" in word]
        if len(words) == 1:
            plain = words[0]
    return bare(plain).lower() or None


def further(text):
    """The addresses in a field beside the one that address() finds: people type several into one."""
    if text is None or text.count("@") < 2:
        return []
    entries = re.split(r"(?<=[^\s;,|/])[\s;,|/]+", text) if not re.search(r"[<>\"()]", text) else re.split(r"[;\n]|(?<=>)\s*,", text)
    found = [address(entry) for entry in entries if "@" in entry]
    return [one for one in dict.fromkeys(found) if one and one != address(text)]


def words(text):
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


def names_somebody(text, names, tokens):
    """Whether a text that people wrote holds a whole name of somebody erased, or an address or id of theirs."""
    if text is None:
        return False
    lower = text.lower()
    if any(token in lower for token in tokens):
        return True
    said = words(text)
    for name in names:
        name = words(name)
        if not name:
            continue
        for order in (name, name[1:] + name[:1], name[-1:] + name[:-1]):
            if len(name) == 1:
                if said == order:
                    return True
            elif any(said[i:i + len(order)] == order for i in range(len(said) - len(order) + 1)):
                return True
    return False
