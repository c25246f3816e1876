"""What address a text holds (P1), and whether a text names somebody erased (C4)."""
import re
import unicodedata
from functools import lru_cache

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?=[^/])", re.IGNORECASE)
DIRECTORY = re.compile(r"^(ex:)?/o=", re.IGNORECASE)


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
    text = text.strip()
    known = directory(text)
    if known:
        return known
    plain = without(text, "(", ")").strip()
    angle = re.search(r"<\s*([^<>]*?)\s*>", re.sub(r'"(?:\\.|[^"\\])*"(?=[^@]*<)', "", plain))
    if angle and angle[1]:
        known = directory(angle[1])
        return known or bare(angle[1]).lower() or None
    if re.fullmatch(r"[^:;<>@]*:\s*;?", plain) and ";" in plain:
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
