"""Which label of the data means which class of which specialist."""

from __future__ import annotations

import re
from dataclasses import dataclass

BENIGN = "BENIGN"
#: The class of every specialist that is no attack.
NORMAL = "Normal"
DENIAL_OF_SERVICE = ("DDoS", "DoS Hulk", "DoS GoldenEye", "DoS slowloris", "DoS Slowhttptest")
RECONNAISSANCE = ("PortScan", "Infiltration - Portscan")
BRUTE_FORCE = ("FTP-Patator", "SSH-Patator")
WEB_ATTACKS = ("Web Attack – Brute Force", "Web Attack – XSS", "Web Attack – Sql Injection")
OTHERS = ("Bot", "Infiltration", "Heartbleed")

#: Every label that the two releases carry.
LABELS = (BENIGN, *DENIAL_OF_SERVICE, *RECONNAISSANCE, *BRUTE_FORCE, *WEB_ATTACKS, *OTHERS)

# Whatever stands between the two words: an en dash, a hyphen, or what a wrong encoding made of them.
_WEB_ATTACK = re.compile(r"web attack\s+\S{0,8}\s*(brute force|xss|sql injection)", re.IGNORECASE)
_WEB_ATTACK_NAMES = {name.split(" – ")[1].lower(): name for name in WEB_ATTACKS}
_BY_LOWER_CASE = {name.lower(): name for name in LABELS}


@dataclass(frozen=True)
class Task:
    """What one specialist learns.

    `release` is the release it is trained on, `classes` are in the order of the contract, and `labels` gives
    the class of each label. A label of the data that is not in it is left out and counted in model.json.
    `attacks` are the labels of a binary specialist's own kind; empty for `general`.
    """

    name: str
    release: str
    classes: tuple[str, ...]
    labels: dict[str, str]
    attacks: tuple[str, ...] = ()


def _binary(name: str, release: str, attacks: tuple[str, ...]) -> Task:
    """One against the rest: benign flows and attacks of every other kind are Normal."""
    labels = {label: "Attack" if label in attacks else "Normal" for label in LABELS}
    return Task(name, release, ("Normal", "Attack"), labels, attacks)


_GENERAL = {
    "Normal": (BENIGN,),
    "DDoS/DoS": DENIAL_OF_SERVICE,
    "Network Reconnaissance": RECONNAISSANCE,
    "Brute Force": BRUTE_FORCE,
    "Web Application Attack": WEB_ATTACKS,
    "Malware/Botnet": ("Bot",),
    "Advanced Persistent Threat": ("Infiltration",),
}

# One specialist reads one release only: the two come from different flow extractors, so a
# model that saw both would learn to tell the releases apart instead of the traffic.
TASKS = (
    Task(
        "general",
        "improved",
        tuple(_GENERAL),
        {label: name for name, labels in _GENERAL.items() for label in labels},
    ),
    _binary("ddos", "improved", DENIAL_OF_SERVICE),
    _binary("bruteforce", "improved", BRUTE_FORCE),
    _binary("webattacks", "original", WEB_ATTACKS),
)


def canonical(label: str) -> str:
    """The label as this module spells it; one that is not known comes back as given, without outer blanks."""
    plain = label.strip()
    web_attack = _WEB_ATTACK.fullmatch(plain)
    if web_attack:
        return _WEB_ATTACK_NAMES[web_attack[1].lower()]
    return _BY_LOWER_CASE.get(plain.lower(), plain)
