"""What stands for an id of a mail or calendar system that tells of somebody erased (C4): `erased-` and a hash of it."""
import re

import pyarrow as pa

MASK = (1 << 64) - 1
# Digits of e and of pi: every run gives an id the same name.
KEY = (0xB7E151628AED2A6A, 0x243F6A8885A308D3)


def rotated(x, by):
    return (x << by | x >> (64 - by)) & MASK


def siphash(data):
    """SipHash-2-4 with 128 bits."""
    v0, v1 = KEY[0] ^ 0x736f6d6570736575, KEY[1] ^ 0x646f72616e646f6d ^ 0xee
    v2, v3 = KEY[0] ^ 0x6c7967656e657261, KEY[1] ^ 0x7465646279746573

    def rounds(count):
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0, v2 = (v0 + v1) & MASK, (v2 + v3) & MASK
            v1, v3 = rotated(v1, 13) ^ v0, rotated(v3, 16) ^ v2
            v0 = rotated(v0, 32)
            v2, v0 = (v2 + v1) & MASK, (v0 + v3) & MASK
            v1, v3 = rotated(v1, 17) ^ v2, rotated(v3, 21) ^ v0
            v2 = rotated(v2, 32)

    whole = len(data) // 8 * 8
    last = (len(data) & 0xff) << 56 | int.from_bytes(data[whole:], "little")
    for word in [int.from_bytes(data[at:at + 8], "little") for at in range(0, whole, 8)] + [last]:
        v3 ^= word
        rounds(2)
        v0 ^= word
    v2 ^= 0xee
    rounds(4)
    low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    rounds(4)
    return (v0 ^ v1 ^ v2 ^ v3) << 64 | low


def bare(text):
    """The bytes of an id as it compares."""
    return text.strip().lstrip("<").rstrip(">").strip().encode()


def holds(text, addresses, ids):
    """Whether an id has an address in it that ends where its domain does and begins after a separator, or an id between separators."""
    text = text.lower()
    for address in addresses:
        at = text.find(address)
        while at >= 0:
            rest = re.match(r"[\w.-]*", text[at + len(address):].replace("_", " "))[0]
            if not rest.strip(".-") and not (at and text[at - 1].isalnum()):
                return True
            at = text.find(address, at + 1)
    return any(word in ids for word in re.split(r"[^\w-]+", text))


# Ids as they stand in results: of one system, then those that have an id within them (I12).
IDS = ["select msgid(messageid) from email", "select msgid(internetMessageId) from messages", "select nullif(trim(id), '') from messages",
       "select calendar_id(globalobjectid) from appointment", "select calendar_id(iCalUId) from calendar_view", "select source_id from calendar_view"]
NAMES = ["select coalesce(stood(msgid(internetMessageId)), '') || '/' || coalesce(puser, '') from messages where id is null or trim(id) = ''"]


def learn(con):
    """Keeps in a variable for the macro stood() what stands for which id."""
    addresses = [a for (a,) in con.execute("select address from erased_address where position('@' in address) > 0").fetchall()]
    ids = {i for (i,) in con.execute("""
        with deleted as (select unnest([emailaddress1, emailaddress2, emailaddress3]) as address, contactid as id from gone_contact
            union all select unnest([emailaddress1, emailaddress2, emailaddress3]), leadid from gone_lead
            union all select unnest([internalemailaddress, domainname]), systemuserid from gone_systemuser
            union all select unnest(list_concat(further(emailaddress1, 1), further(emailaddress2, 2), further(emailaddress3, 3))).address, contactid from gone_contact
            union all select unnest(list_concat(further(emailaddress1, 1), further(emailaddress2, 2), further(emailaddress3, 3))).address, leadid from gone_lead),
        id as (select id from erased_record union select id from deleted where addr(address) in (select address from erased_address)),
        colleague as (select systemuserid, azureactivedirectoryobjectid as box from systemuser union all select systemuserid, azureactivedirectoryobjectid from gone_systemuser)
        select id from id union select box from colleague where box is not null and systemuserid in (select id from id)""").fetchall()}
    found = {"no id": "no id"}
    for queries in ([], IDS, NAMES):
        if queries and (ids or addresses):
            texts = con.execute(f"select distinct x from ({' union all '.join(queries)}) as t(x) where x is not null").fetchall()
            found |= {x: f"erased-{siphash(bare(x)):032x}" for (x,) in texts if holds(x, addresses, ids)}
        con.register("stood_for", pa.table({"id": list(found), "name": list(found.values())}))
        con.execute("set variable stand_ins = (select map(list(id), list(name)) from stood_for)")
