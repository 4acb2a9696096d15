"""Floor plans: as text in G1, as JavaScript later (§10)."""

from datetime import datetime

from tests.simulators.ispy.answers.turn import Command, Turn, before
from tests.simulators.ispy.clock import utc_ms
from tests.simulators.ispy.objects import CAMERA
from tests.simulators.ispy.rules import G2


def _ms(moment: datetime | None) -> str:
    return "0" if moment is None else f"{utc_ms(moment):.2f}".rstrip("0").rstrip(".")


def _clean(name: str) -> str:
    return name.replace(",", "").replace("|", "").replace("^", "").replace('"', "")


def plans_text(turn: Turn) -> str:
    """The plans as text, a caret after every one; underscores in names stay."""
    text = ""
    for plan in turn.program.plans:
        areas = "_".join(
            f"{area.oid},{'camera' if area.ot == CAMERA else 'microphone'},{area.x},{area.y}"
            for area in plan.areas
        )
        text += f"{plan.id},{_clean(plan.name)},{plan.width},{plan.height}|{areas}^"
    return text


def alerts_text(turn: Turn) -> str:
    """The last alert of every plan as text."""
    return "|".join(
        f"{plan.id},{_ms(plan.alerted)},{_ms(plan.refreshed)},{plan.last[1]},{plan.last[0]}"
        for plan in turn.program.plans
    )


def plans(turn: Turn) -> str:
    """The plans as JavaScript with bare keys."""
    rows = []
    for plan in turn.program.plans:
        areas = ",".join(
            f"{{oid: {area.oid},ot: {area.ot}, x:{area.x},y:{area.y}}}" for area in plan.areas
        )
        name = plan.name.replace('"', "")
        rows.append(
            f'{{oid: {plan.id}, name: "{name}", refreshTimestamp: {_ms(plan.refreshed)},'
            f" alertTimestamp: {_ms(plan.alerted)}, width:{plan.width}, height:{plan.height},"
            f' groups:"{plan.groups}",areas:[{areas}]}}'
        )
    turn.put("data", f"[{','.join(rows)}]")
    return "OK"


def alerts(turn: Turn) -> str:
    """The last alert of every plan as JavaScript."""
    rows = ",".join(
        f"{{oid:{plan.id},alertTimestamp:{_ms(plan.alerted)},"
        f"refreshTimestamp:{_ms(plan.refreshed)},last_oid:{plan.last[1]},last_otid:{plan.last[0]}}}"
        for plan in turn.program.plans
    )
    turn.put("data", f"[{rows}]")
    return "OK"


PLANS = {
    "getfloorplans": before(G2, plans_text),
    "getfloorplanalerts": before(G2, alerts_text),
    "getfloorplans2": Command(plans),
    "getfloorplanalerts2": Command(alerts),
}
