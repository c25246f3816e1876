"""What zone a name of a time zone stands for (I8)."""
import datetime as dt
import re
import zoneinfo
from functools import lru_cache

# Windows' names of time zones and the IANA names that CLDR gives for them.

WINDOWS_ZONES = dict(z.split("=") for z in """
Dateline Standard Time=Etc/GMT+12;UTC-11=Etc/GMT+11;Aleutian Standard Time=America/Adak;Hawaiian Standard Time=Pacific/Honolulu
Marquesas Standard Time=Pacific/Marquesas;Alaskan Standard Time=America/Anchorage;UTC-09=Etc/GMT+9;UTC-08=Etc/GMT+8
Pacific Standard Time (Mexico)=America/Tijuana;Pacific Standard Time=America/Los_Angeles;US Mountain Standard Time=America/Phoenix
Mountain Standard Time (Mexico)=America/Mazatlan;Mountain Standard Time=America/Denver;Yukon Standard Time=America/Whitehorse
Central America Standard Time=America/Guatemala;Central Standard Time=America/Chicago;Easter Island Standard Time=Pacific/Easter
Central Standard Time (Mexico)=America/Mexico_City;Canada Central Standard Time=America/Regina;SA Pacific Standard Time=America/Bogota
Eastern Standard Time (Mexico)=America/Cancun;Eastern Standard Time=America/New_York;Haiti Standard Time=America/Port-au-Prince
Cuba Standard Time=America/Havana;US Eastern Standard Time=America/Indiana/Indianapolis;Turks And Caicos Standard Time=America/Grand_Turk
Paraguay Standard Time=America/Asuncion;Atlantic Standard Time=America/Halifax;Venezuela Standard Time=America/Caracas
Central Brazilian Standard Time=America/Cuiaba;SA Western Standard Time=America/La_Paz;Pacific SA Standard Time=America/Santiago
Newfoundland Standard Time=America/St_Johns;Tocantins Standard Time=America/Araguaina;E. South America Standard Time=America/Sao_Paulo
SA Eastern Standard Time=America/Cayenne;Argentina Standard Time=America/Buenos_Aires;Greenland Standard Time=America/Godthab
Montevideo Standard Time=America/Montevideo;Magallanes Standard Time=America/Punta_Arenas;Saint Pierre Standard Time=America/Miquelon
Bahia Standard Time=America/Bahia;UTC-02=Etc/GMT+2;Azores Standard Time=Atlantic/Azores;Cape Verde Standard Time=Atlantic/Cape_Verde
UTC=Etc/UTC;GMT Standard Time=Europe/London;Greenwich Standard Time=Atlantic/Reykjavik;Sao Tome Standard Time=Africa/Sao_Tome
Morocco Standard Time=Africa/Casablanca;W. Europe Standard Time=Europe/Berlin;Central Europe Standard Time=Europe/Budapest
Romance Standard Time=Europe/Paris;Central European Standard Time=Europe/Warsaw;W. Central Africa Standard Time=Africa/Lagos
Jordan Standard Time=Asia/Amman;GTB Standard Time=Europe/Bucharest;Middle East Standard Time=Asia/Beirut;Egypt Standard Time=Africa/Cairo
E. Europe Standard Time=Europe/Chisinau;Syria Standard Time=Asia/Damascus;West Bank Standard Time=Asia/Hebron
South Africa Standard Time=Africa/Johannesburg;FLE Standard Time=Europe/Kiev;Israel Standard Time=Asia/Jerusalem
South Sudan Standard Time=Africa/Juba;Kaliningrad Standard Time=Europe/Kaliningrad;Sudan Standard Time=Africa/Khartoum
Libya Standard Time=Africa/Tripoli;Namibia Standard Time=Africa/Windhoek;Arabic Standard Time=Asia/Baghdad
Turkey Standard Time=Europe/Istanbul;Arab Standard Time=Asia/Riyadh;Belarus Standard Time=Europe/Minsk;Russian Standard Time=Europe/Moscow
E. Africa Standard Time=Africa/Nairobi;Volgograd Standard Time=Europe/Volgograd;Iran Standard Time=Asia/Tehran
Arabian Standard Time=Asia/Dubai;Astrakhan Standard Time=Europe/Astrakhan;Azerbaijan Standard Time=Asia/Baku
Russia Time Zone 3=Europe/Samara;Mauritius Standard Time=Indian/Mauritius;Saratov Standard Time=Europe/Saratov
Georgian Standard Time=Asia/Tbilisi;Caucasus Standard Time=Asia/Yerevan;Afghanistan Standard Time=Asia/Kabul
West Asia Standard Time=Asia/Tashkent;Qyzylorda Standard Time=Asia/Qyzylorda;Ekaterinburg Standard Time=Asia/Yekaterinburg
Pakistan Standard Time=Asia/Karachi;India Standard Time=Asia/Calcutta;Sri Lanka Standard Time=Asia/Colombo
Nepal Standard Time=Asia/Katmandu;Central Asia Standard Time=Asia/Bishkek;Bangladesh Standard Time=Asia/Dhaka
Omsk Standard Time=Asia/Omsk;Myanmar Standard Time=Asia/Rangoon;SE Asia Standard Time=Asia/Bangkok;Altai Standard Time=Asia/Barnaul
W. Mongolia Standard Time=Asia/Hovd;North Asia Standard Time=Asia/Krasnoyarsk;N. Central Asia Standard Time=Asia/Novosibirsk
Tomsk Standard Time=Asia/Tomsk;China Standard Time=Asia/Shanghai;North Asia East Standard Time=Asia/Irkutsk
Singapore Standard Time=Asia/Singapore;W. Australia Standard Time=Australia/Perth;Taipei Standard Time=Asia/Taipei
Ulaanbaatar Standard Time=Asia/Ulaanbaatar;Aus Central W. Standard Time=Australia/Eucla;Transbaikal Standard Time=Asia/Chita
Tokyo Standard Time=Asia/Tokyo;North Korea Standard Time=Asia/Pyongyang;Korea Standard Time=Asia/Seoul;Yakutsk Standard Time=Asia/Yakutsk
Cen. Australia Standard Time=Australia/Adelaide;AUS Central Standard Time=Australia/Darwin;E. Australia Standard Time=Australia/Brisbane
AUS Eastern Standard Time=Australia/Sydney;West Pacific Standard Time=Pacific/Port_Moresby;Tasmania Standard Time=Australia/Hobart
Vladivostok Standard Time=Asia/Vladivostok;Lord Howe Standard Time=Australia/Lord_Howe;Bougainville Standard Time=Pacific/Bougainville
Russia Time Zone 10=Asia/Srednekolymsk;Magadan Standard Time=Asia/Magadan;Norfolk Standard Time=Pacific/Norfolk
Sakhalin Standard Time=Asia/Sakhalin;Central Pacific Standard Time=Pacific/Guadalcanal;Russia Time Zone 11=Asia/Kamchatka
New Zealand Standard Time=Pacific/Auckland;UTC+12=Etc/GMT-12;Fiji Standard Time=Pacific/Fiji;Chatham Islands Standard Time=Pacific/Chatham
UTC+13=Etc/GMT-13;Tonga Standard Time=Pacific/Tongatapu;Samoa Standard Time=Pacific/Apia;Line Islands Standard Time=Pacific/Kiritimati
""".replace("\n", ";").strip(";").split(";"))

# Places in shown names that are no cities of IANA.
PLACES = {"pacific time": "America/Los_Angeles", "mountain time": "America/Denver", "central time": "America/Chicago",
          "eastern time": "America/New_York", "bern": "Europe/Zurich", "mumbai": "Asia/Kolkata", "new delhi": "Asia/Kolkata"}


@lru_cache(maxsize=None)
def by_lower():
    return {name.lower(): name for name in zoneinfo.available_timezones()}


@lru_cache(maxsize=None)
def by_city():
    cities = {}
    for name in sorted(zoneinfo.available_timezones()):
        cities.setdefault(name.rpartition("/")[2].replace("_", " ").lower(), name)
    return {**cities, **PLACES}


def standard_offset(name):
    """Minutes from UTC without daylight saving."""
    zone = zoneinfo.ZoneInfo(name)
    of = [dt.datetime(2026, month, 15, tzinfo=zone) for month in (1, 7)]
    return min(int((one.utcoffset() - (one.dst() or dt.timedelta())).total_seconds() // 60) for one in of)


def fixed(minutes):
    """A zone that always has an offset."""
    if minutes % 60 == 0:
        return f"Etc/GMT{-minutes // 60:+d}" if minutes else "Etc/UTC"
    constant = [name for name in sorted(zoneinfo.available_timezones()) if "/" in name and standard_offset(name) == minutes
                and not any(dt.datetime(2026, m, 15, tzinfo=zoneinfo.ZoneInfo(name)).dst() for m in (1, 7))]
    return constant[0] if constant else None


def offset(text):
    match = re.fullmatch(r"(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", text.strip().lower())
    return match and (1 if match[1] == "+" else -1) * (60 * int(match[2]) + int(match[3] or 0))


@lru_cache(maxsize=None)
def iana(name):
    """The IANA name for any name; None where nobody knows it."""
    lower = name.strip().lower()
    windows = {key.lower(): zone for key, zone in WINDOWS_ZONES.items()}
    for one in (lower, lower.replace("daylight time", "standard time")):
        if one in windows:
            return windows[one]
    if lower in by_lower():
        return by_lower()[lower]
    if offset(lower) is not None:
        return fixed(offset(lower))
    shown = re.fullmatch(r"\((utc|gmt)?\s*([+-]\d\d:?\d\d)?\)\s*(.*)", lower)
    if not shown:
        return None
    minutes = offset(shown[2]) if shown[2] else 0
    for place in re.split(r"[,/&(]", shown[3]):
        zone = by_city().get(place.strip())
        if zone and standard_offset(zone) == minutes:
            return zone
    return fixed(minutes)
