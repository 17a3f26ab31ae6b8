"""Reading what somebody typed as a code, and saying in words why it is refused."""

import re
import time

from django_otp.oath import TOTP

from jalons.core.values.dates import local_moment
from jalons.second_factor.models import CodeApplication, RecoverySheet

WRONG = (
    "Ce code n’est pas le bon. Recopiez celui que l’application affiche maintenant\u00a0: il change toutes les trente "
    "secondes."
)
USED = "Ce code a déjà servi. Attendez que l’application en affiche un autre, puis recopiez-le."
HOUR = 3600 // 30  # steps
# When the secret is on the screen of who types, the whole gap is looked for: nothing can be learnt from the answer.
WIDEST = 12 * HOUR


def figures_of(typed: str) -> str:
    """The six figures of « 123 456 »; nothing when they are not six."""
    plain = re.sub(r"\s", "", typed)
    return plain if re.fullmatch(r"[0-9]{6}", plain) else ""


def steps_of(device: CodeApplication) -> TOTP:
    reading = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    reading.time = time.time()
    return reading


def matches(device: CodeApplication, code: str, offset: int) -> bool:
    """Is it the code of `offset` steps from now?"""
    reading = steps_of(device)
    reading.drift += offset
    return bool(reading.token() == int(code))


def refusal_in_words(device: CodeApplication, code: str) -> str:
    """At sign-in only gaps of one hour are looked for: a wider search would tell a guesser of codes to come."""
    if any(matches(device, code, offset) for offset in range(-device.tolerance, device.tolerance + 1)):
        return USED
    for side in (-1, 1):
        for near in range(-device.tolerance, device.tolerance + 1):
            if matches(device, code, side * HOUR + near):
                return gap_in_words(side * HOUR)
    return WRONG


def first_refusal_in_words(device: CodeApplication, code: str) -> str:
    """The same while the application is being added."""
    for gap in range(1, WIDEST + 1):
        for side in (-gap, gap):
            if matches(device, code, side):
                return gap_in_words(side)
    return WRONG


def gap_in_words(steps: int) -> str:
    """« L’horloge de votre téléphone retarde d’une heure… »; `steps` of thirty seconds, negative when it is late."""
    minutes = max(1, round(abs(steps) / 2))
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}\u00a0h" if hours and (rest or hours > 1) else "une heure" if hours else ""]
    parts.append(f"{rest}\u00a0min" if rest else "")
    gap = " ".join(filter(None, parts))
    side = "a du retard" if steps < 0 else "est en avance"
    return (
        f"L’horloge de votre téléphone a {gap} d’écart\u00a0: elle {side}. Réglez-la sur «\u00a0heure automatique\u00a0"
        "», puis recopiez le nouveau code."
    )


def pause_in_words(device: CodeApplication | RecoverySheet) -> str:
    """Until when no try is read; nothing when one is."""
    allowed, why = device.verify_is_allowed()
    if allowed or not why:
        return ""
    until = local_moment(why["locked_until"])
    return f"Trop d’essais refusés. Attendez {until:%H:%M:%S}, puis essayez de nouveau."
