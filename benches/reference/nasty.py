"""Small nasty lakes drawn by a seed: copies and series, merged people, shared addresses, versions, opt-outs, odd ids and odd times."""
import random

from .lakes import Lake

USERS = ["anna", "bo", "cleo", "dan", "eve"]
OPTED = "dan"
CONTACTS = [f"c{n}" for n in range(8)]
OUTLOOK = "040000008200E00074C5B7101A82E008"
SUBJECTS = ["Offer", "Re: offer", "Automatic reply: offer", "Undeliverable: offer", "Read: offer", "Lu : offre", "Abwesend bis Montag", "Read this", None, "  autosvar"]
HEADERS = [{"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "no"}, {"Precedence": "bulk"}, {"List-Id": "x"}, {"Precedence": "normal"}]


class Drawing:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lake = Lake()
        self.zone = self.r.choice(["UTC", "Europe/Stockholm", "America/New_York", "Asia/Kolkata"])

    def once_in(self, n):
        return self.r.randrange(n) == 0

    def pick(self, values):
        return self.r.choice(values)

    def time(self, odd=True):
        if odd and self.once_in(25):
            return self.pick(["1970-01-01T00:00Z", "1989-12-31T23:59Z", "2037-01-01T00:00Z", "2026-03-31T22:00Z", "2026-03-31T21:59Z", "2026-04-01T00:00Z", None])
        day, hour, minute = self.r.randrange(120), self.r.randrange(24), self.pick([0, 15, 30, 59])
        month, day = (day // 28) + 1, day % 28 + 1
        return f"2026-{month:02}-{day:02}T{hour:02}:{minute:02}Z"

    def customer(self):
        return self.pick([f"c{self.r.randrange(8)}@acme.example"] * 8 + ["shared@acme.example"] * 2 + ["old@acme.example", "older@acme.example", "home@c1.example", "l0@leads.example",
                         "l1@leads.example", "both@leads.example", "stranger@else.example", "gone@gone.example", "gone2@gone.example", "new@acme.example", "no-reply@shop.example",
                         "C2 Berg <C2@ACME.example>", "mailto:c3@acme.example", "\"Berg, C4\" <c4@acme.example>", "c5@acme.example."])

    def colleague(self):
        user = self.pick(USERS)
        return self.pick([f"{user}@nw.example"] * 6 + [f"{user}@other.example", f"/O=Lab/CN={user}", "desk@nw.example", "desk@sub.nw.example", f"{user.upper()}@NW.EXAMPLE", "/o=Lab/cn=nobody"])

    def anyone(self):
        return self.colleague() if self.once_in(2) else self.customer()

    def people(self, most):
        return [self.anyone() for _ in range(self.r.randrange(most + 1))]

    def plain(self, make):
        """An address without blanks, for the short spelling of parties."""
        while " " in (text := make()):
            pass
        return text

    def party(self):
        kind = self.r.randrange(10)
        user, contact = self.pick(USERS + ["left"]), self.pick(CONTACTS + ["s0", "s1", "s2", "c-old", "c-older", "c-gone", "never"])
        if kind < 2:
            return f"systemuser:{user}" + (f" {user}@nw.example" if self.once_in(2) else "")
        if kind < 5:
            address = {"s0": "shared@acme.example", "s1": "shared@acme.example", "s2": "shared@acme.example"}.get(contact, f"{contact}@acme.example")
            return f"contact:{contact}" + ("" if self.once_in(3) else f" {address}" if not self.once_in(6) else f" {self.plain(self.customer)}")
        if kind == 5:
            return self.pick(["lead:l0", "lead:l1 l1@leads.example", "lead:l2 both@leads.example", "lead:l-old", "account:a0", "account:a1 c1@acme.example", "queue:q", "team:t", "equipment:room"])
        return self.plain(self.anyone)

    def parties(self, most):
        return [self.party() for _ in range(self.r.randrange(most + 1))]

    def regarding(self, row):
        if self.once_in(4):
            row["regardingobjectid"] = self.pick(["account:a0", "account:a-old", "contact:c3", "contact:c-old", "contact:c-gone", "contact:c-new", "lead:l0", "lead:l2", "lead:l-old",
                                                  "opportunity:o0", "opportunity:o1", "opportunity:o2", "opportunity:o3", "opportunity:nothing"])

    def add(self, table, row):
        """The row, with an older version or a deletion beside it from time to time."""
        row["versionnumber"] = 5
        row["SinkModifiedOn"] = self.pick(["2026-03-30T12:00Z", "2026-03-31T12:00Z"])
        if self.once_in(6):
            other = {k: v for k, v in row.items() if not isinstance(v, list) and k not in ("from", "organizer")}
            kind = self.r.randrange(4)
            if kind == 0:
                other |= {"versionnumber": 4, "subject": "older", "statecode": 0}
            elif kind == 1:
                other |= {"versionnumber": self.pick([4, 6]), "IsDelete": True}
            elif kind == 2:
                other = {"Id": row["activityid"].upper(), "IsDelete": True, "versionnumber": None, "SinkModifiedOn": self.pick(["2026-03-29T12:00Z", "2026-04-01T12:00Z", None])}
            else:
                other |= {"subject": "the same version", "SinkModifiedOn": "2026-03-29T12:00Z"}
            self.lake.insert(table, other)
        self.lake.insert(table, row)

    def message_id(self):
        return self.pick(["<m{}@nw.example>"] * 6 + [" <m{}@nw.example> ", "m{}@nw.example", "<M{}@nw.example>"]).format(self.r.randrange(40))

    def index(self):
        return f"010203040506{self.r.randrange(3):032x}" if self.once_in(3) else None

    def reply(self):
        return self.pick([None, self.message_id(), f"{self.message_id()} {self.message_id()}", f"Your mail of Monday {self.message_id()}", f"{self.message_id()} (from Anna <anna@nw.example>)", " "])

    def email(self, n):
        time = self.time()
        row = {"activityid": f"e{n:03}", "statuscode": self.pick([3] * 8 + [2, 4, 1, 5, 6, 7, 8, None]), "statecode": self.pick([1, 1, 1, 0, 2, None]), "subject": self.pick(SUBJECTS),
               "senton": time if not self.once_in(8) else None, "actualend": self.time() if self.once_in(8) else None, "createdon": time, "directioncode": self.pick([True, False, None]),
               "isemailfollowed": self.once_in(3), "opencount": self.r.randrange(3), "linksclickedcount": self.r.randrange(2), "replycount": self.pick([None, 0, 1]),
               "conversationindex": self.index(), "inreplyto": self.reply(), "from": self.party() if not self.once_in(15) else [], "to": self.parties(3), "cc": self.parties(2),
               "bcc": self.parties(1), "owner": "systemuser:anna", "ownerid": self.pick(USERS)}
        if self.once_in(2):
            row["messageid"] = self.message_id()
        self.regarding(row)
        self.add("email", row)

    def message(self, n):
        mid, time, sender = self.message_id(), self.time(), self.anyone()
        to, cc, bcc, headers = self.people(3), self.people(2), self.people(1), dict(self.pick(HEADERS)) if self.once_in(5) else {}
        reply = self.reply()
        if reply:
            headers[self.pick(["In-Reply-To", "in-reply-to", "References"])] = reply
        for user in sorted({self.pick(USERS + ["nobody"]) for _ in range(self.r.randrange(1, 4))}):
            row = {"id": self.pick([f"x{n}-{user}", f"X{n}-{user}", f"x{n}"]) if not self.once_in(20) else None, "puser": f"box-{user}", "internetMessageId": mid if not self.once_in(12) else None,
                   "sentDateTime": time if not self.once_in(10) else None, "receivedDateTime": time, "createdDateTime": time or "2026-03-01T00:00Z", "subject": self.pick(SUBJECTS),
                   "isDraft": self.once_in(20), "internetMessageHeaders": headers or None, "from": sender if not self.once_in(10) else None, "sender": self.anyone(),
                   "toRecipients": to, "ccRecipients": cc, "bccRecipients": bcc if self.once_in(2) else [], "conversationIndex": None,
                   "meetingMessageType": self.pick([None, None, None, None, "none", "meetingRequest"]),
                   "ODataType": self.pick([None, None, None, "#microsoft.graph.message", "#microsoft.graph.eventMessageResponse"]) if self.once_in(4) else None}
            if self.once_in(10):
                row["lastModifiedDateTime"] = "2026-03-20T12:00Z"
                self.lake.insert("messages", {**row, "lastModifiedDateTime": "2026-03-19T12:00Z", "subject": "before", "isDraft": True})
            self.lake.insert("messages", row)

    def calendar_id(self):
        n = self.r.randrange(8)
        return self.pick([f"U{n}", f"u{n}", f"{OUTLOOK}00000000{n:02}", f"{OUTLOOK}00000000{n:02}", f"{OUTLOOK}07EA03{self.r.randrange(1, 29):02X}{n:02}", None])

    def appointment(self, n):
        start = self.time()
        end = start and start[:14] + "59Z"
        row = {"activityid": f"m{n:03}", "statecode": self.pick([0, 1, 1, 3, 3, 2, None]), "scheduledstart": start if not self.once_in(8) else None, "actualstart": self.time() if self.once_in(4) else None,
               "scheduledend": end if not self.once_in(4) else None, "scheduleddurationminutes": self.pick([None, 30, 1440, -5]), "actualdurationminutes": self.pick([None, 45]), "isalldayevent": self.once_in(20),
               "globalobjectid": self.calendar_id(), "instancetypecode": self.pick([None, 0, 0, 0, 1, 2, 3]), "createdon": self.pick(["2025-12-01T00:00Z", self.time(), None]), "ownerid": self.pick([None] + USERS),
               "organizer": self.party() if not self.once_in(4) else [], "required": self.parties(3), "optional": self.parties(2), "resource": self.parties(1)}
        self.regarding(row)
        self.add("appointment", row)

    def event(self, n):
        uid, start, organizer = self.calendar_id(), (self.time(False) or "2026-03-02T09:00Z")[:16], self.anyone
        kind = self.pick(["singleInstance", "singleInstance", "occurrence", "exception", "seriesMaster", "Occurrence"])
        attendees = [f"{self.plain(self.anyone)} {self.pick(['required', 'Optional', 'resource'])} {self.pick(['accepted', 'none', 'declined', 'Declined'])}" for _ in range(self.r.randrange(5))]
        organizer = organizer()
        for user in sorted({self.pick(USERS + ["nobody"]) for _ in range(self.r.randrange(1, 4))}):
            self.lake.insert("calendar_view", {
                "id": f"k{n}-{user}", "puser": f"box-{user}", "iCalUId": uid if uid and self.once_in(2) else uid and uid.lower(), "type": kind, "createdDateTime": self.pick(["2025-12-01T00:00Z", self.time()]),
                "start": f"{start} {self.pick(['UTC', 'W. Europe Standard Time', 'Europe/Helsinki'])}" if self.once_in(4) else start, "end": start[:14] + self.pick(["59", "30"]) if not self.once_in(8) else None,
                "isAllDay": self.once_in(25), "isCancelled": self.pick([False, False, False, True, None]), "isOrganizer": self.once_in(2),
                "organizer": organizer if not self.once_in(5) else self.pick([None, self.anyone()]), "attendees": attendees if not self.once_in(4) else attendees[:1]})

    def call(self, n):
        start = self.time()
        row = {"activityid": f"p{n:03}", "statecode": self.pick([0, 1, 1, 2, None]), "scheduledstart": start, "scheduledend": self.time() if self.once_in(3) else None, "actualstart": self.time() if self.once_in(4) else None,
               "actualend": self.time() if self.once_in(2) else None, "actualdurationminutes": self.pick([None, 5, 20, -1, 0]), "directioncode": self.pick([True, False, None]),
               "createdon": self.pick(["2025-12-01T00:00Z", self.time()]), "from": self.parties(1), "to": self.parties(2), "cc": self.parties(1)}
        self.regarding(row)
        self.add("phonecall", row)

    def task(self, n):
        row = {"activityid": f"t{n:03}", "statecode": self.pick([0, 1, 1, 2]), "scheduledend": self.time(), "actualend": self.time() if self.once_in(2) else None, "createdon": self.pick(["2025-12-01T00:00Z", self.time()]),
               "actualdurationminutes": self.pick([None, 10]), "to": self.parties(1)}
        self.regarding(row)
        self.add("task", row)

    def records(self):
        add = self.lake.insert
        for user in USERS:
            add("systemuser", {"systemuserid": user, "fullname": user.title(), "internalemailaddress": f"{user}@nw.example", "domainname": f"{user}@nw.onmicrosoft.example", "azureactivedirectoryobjectid": f"box-{user}",
                               "isdisabled": user == "cleo"})
            add("users", {"puser": f"box-{user}", "mail": f"{user}@nw.example", "usageLocation": "SE" if user == "eve" and self.once_in(2) else "FI", "proxyAddresses": [f"smtp:{user}@other.example", f"X500:/o=Lab/cn={user}", f"SIP:{user}@nw.example"]})
            add("systemuserroles", {"systemuserid": user, "roleid": "r2" if user == "bo" and self.once_in(2) else "r1"})
        add("role", {"roleid": "r1", "name": "Salesperson"})
        add("role", {"roleid": "r2", "name": "Clerk"})
        add("teammembership", {"teamid": "t", "systemuserid": "bo"})
        add("opt_outs", {"principal": self.pick(["dan", "dan@nw.example", "box-dan", "dan@other.example"]), "effective_from": self.pick([None, "2026-03-10"])})
        if self.once_in(2):
            add("erasures", {"kind": "contact", "principal": "c-gone"})
        if self.once_in(4):
            add("erasures", {"kind": "systemuser", "principal": "eve"})
        if self.once_in(4):
            add("erasures", {"kind": "address", "principal": "older@acme.example"})
        add("aliases", {"address": "c1@alias.example", "contactid": "c1"})
        for n in range(3):
            add("account", {"accountid": f"a{n}", "name": f"Account {n}", "ownerid": self.pick(USERS), "primarycontactid": self.pick(["c0", "c-old", "c5", None])})
        add("account", {"accountid": "a-old", "name": "Old", "merged": True, "masterid": "a0"})
        typed = self.pick(["; ", ", ", " / ", "|", None])      # people type several addresses into one field
        for n, contact in enumerate(CONTACTS):
            home = "home@c1.example" if n in (1, 6) else None
            add("contact", {"contactid": contact, "fullname": f"Contact {n}", "emailaddress1": f"{contact}@acme.example" + (typed + home if typed and home else ""), "emailaddress2": None if typed else home,
                            "parentcustomerid": self.pick(["account:a0", "account:a1", "account:a-old"]), "ownerid": self.pick(USERS), "createdon": self.pick([None, "2025-05-01T00:00Z", "2026-02-01T00:00Z"]),
                            "statecode": self.pick([0, 0, 1])})
        for n in range(3):
            add("contact", {"contactid": f"s{n}", "emailaddress1": "shared@acme.example" if n else None, "emailaddress3": "shared@acme.example", "statecode": self.pick([0, 1]), "parentcustomerid": f"account:a{n}",
                            "createdon": f"2025-0{3 - n}-01T00:00Z"})
        add("contact", {"contactid": "c-old", "emailaddress1": "old@acme.example", "merged": True, "masterid": "c2"})
        add("contact", {"contactid": "c-older", "emailaddress1": "older@acme.example", "merged": True, "masterid": "c-old", "createdon": "2026-02-10T00:00Z"})
        add("contact", {"contactid": "c-new", "emailaddress1": "new@acme.example", "createdon": "2026-04-10T00:00Z"})
        gone = ["gone@gone.example", "gone2@gone.example"]
        add("contact", {"contactid": "c-gone", "fullname": "Gone Away", "emailaddress1": typed.join(gone) if typed else gone[0], "emailaddress2": None if typed else gone[1]})
        add("contact", {"contactid": "deleted", "emailaddress1": "deleted@acme.example"})
        add("contact", {"Id": "DELETED", "IsDelete": True, "versionnumber": 2})
        for n in range(3):
            add("lead", {"leadid": f"l{n}", "fullname": f"Lead {n}", "emailaddress1": f"l{n}@leads.example" if n < 2 else "both@leads.example", "emailaddress2": "both@leads.example" if n == 1 else None,
                         "ownerid": self.pick(USERS + ["t"]), "createdon": "2026-01-10T00:00Z"})
        add("lead", {"leadid": "l-old", "emailaddress1": "l-old@leads.example", "merged": True, "masterid": "l0"})
        for n in range(4):
            add("opportunity", {"opportunityid": f"o{n}", "name": self.pick(["Deal", "Deal for Gone Away"]), "parentcontactid": self.pick(CONTACTS + ["c-old", None]), "customerid": self.pick(["account:a0", "account:a-old", "contact:c4"]),
                                "parentaccountid": self.pick([None, "a1"]), "ownerid": self.pick(USERS + ["t"]), "statecode": n % 3, "actualclosedate": self.pick([None, "2026-03-05", "2026-04-05"]), "createdon": self.pick(["2026-01-20T00:00Z", "2026-03-10T09:00Z"])})
        add("connectionrole", {"connectionroleid": "stakeholder", "category": 1000})
        add("connectionrole", {"connectionroleid": "sales-team", "category": 1001})
        add("connection", {"connectionid": "k1", "record1id": "opportunity:o0", "record2id": self.pick(["contact:c5", "contact:c-older", "account:a2", "lead:l1"]), "record2roleid": "stakeholder"})
        add("connection", {"connectionid": "k2", "record1id": self.pick(["opportunity:o0", "opportunity:o1"]), "record2id": self.pick(["systemuser:bo", "team:t"]), "record2roleid": "sales-team"})
        add("connection", {"connectionid": "k3", "record1id": "lead:l0", "record2id": "contact:c6", "record2roleid": "stakeholder", "statecode": self.pick([0, 1])})


def drawn(seed):
    """A lake with the day to compute and the settings that go with it."""
    d = Drawing(seed)
    d.records()
    for table, number in (("email", 25), ("message", 25), ("appointment", 12), ("event", 14), ("call", 12), ("task", 8)):
        for n in range(number):
            getattr(d, table)(n)
    settings = {"timezone": d.zone, "company_domains": ["nw.example"], "consent": not d.once_in(8), "selected_roles": ["Salesperson"] if d.once_in(3) else [], "freshness_hours": d.pick([48, 87600])}
    if d.once_in(4):
        settings["max_recipients"] = 3
    if d.once_in(6):
        settings["link_opportunities"] = "regarding_only"
    if d.once_in(4):
        settings["default_country"] = "FI"
    return d.lake, d.pick(["2026-03-31", "2026-03-12"]), settings
