"""Floor plans as they are read: when they were drawn, and who alerted on them (§10)."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from ..model import Batch, Event, Picture, Update, Value
from . import lists, refs
from .box import Box
from .features import PLANS
from .plans import Alert, Plan


async def read(box: Box) -> Batch:
    """Floor plans, when they were drawn, and who alerted on them (§10)."""
    before = box.plans
    box.plans = {plan.part: plan for plan in await box.client.plans()}
    alerts: tuple[Alert, ...] = ()
    if not box.modern:
        # As text the list says nothing of times, so the alerts are always asked.
        alerts = await box.client.plan_alerts() if box.plans else ()
        redraw(box, alerts)
    elif any(_alerted(before.get(part), plan) for part, plan in box.plans.items()):
        alerts = await box.client.plan_alerts()
    events: list[Update] = []
    for part, plan in box.plans.items():
        if _alerted(before.get(part), plan):
            by = next((each.thing for each in alerts if each.oid == plan.oid), None)
            events += _alerts(box, plan, by)
    return (*box.renewed(PLANS), *drawn(box), *events)


def redraw(box: Box, alerts: Iterable[Alert]) -> None:
    """Put the times into plans whose list tells none."""
    found = {alert.oid: alert for alert in alerts}
    box.plans = {
        part: plan.at(found[plan.oid].refreshed, found[plan.oid].alerted)
        if plan.oid in found
        else plan
        for part, plan in box.plans.items()
    }


def _alerted(before: Plan | None, plan: Plan) -> bool:
    """Whether a plan alerted since it was last looked at; the first look is only the baseline."""
    return before is not None and plan.alerted > before.alerted


def _alerts(box: Box, plan: Plan, by: tuple[int, int] | None) -> list[Update]:
    """An alert of a plan, and of the object on it where nothing else tells that."""
    id_ = str(plan.alerted)
    thing = next((each for each in box.things.values() if (each.ot, each.oid) == by), None)
    details: dict[str, Any] = {"plan": plan.name}
    if thing is not None:
        details |= {"part": thing.part, "name": thing.name}
    events: list[Update] = [Event(f"{plan.part}:alert", "alert", id_, details)]
    if thing is not None:
        feature = box.topology.features.get(f"{thing.part}:alert")
        if feature is not None and feature.poll == PLANS:
            events.append(Event(feature.id, "alert", f"{plan.oid}:{id_}", {"plan": plan.name}))
    return events


def drawn(box: Box) -> list[Value]:
    """The picture of each plan, dated by when it was drawn."""
    now = box.env.clock.now()
    box.drawn = {part: box.drawn.get(part, now) for part in box.plans}
    return [
        Value(
            f"{part}:floor_plan",
            Picture(
                refs.plan(plan.oid),
                lists.from_ms(plan.refreshed).replace(tzinfo=UTC)
                if plan.refreshed
                else box.drawn[part],
            ),
        )
        for part, plan in box.plans.items()
    ]
