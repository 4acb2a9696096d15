"""The automation: motion at the front door makes the camera record and leaves a note."""

from typing import Any, Final

from .api import Api
from .inventory import Place

AUTOMATION_ID: Final = "front_door_motion"
ENTITY: Final = "automation.motion_at_the_front_door"
NOTE: Final = "front_door_motion"


def record_control(door: Place) -> tuple[str, str]:
    """The entity that makes the device record, and the state that it then has."""
    for key, platform in (("record", "switch"), ("record_mode", "select")):
        if found := door.find(key, platform=platform):
            return found[0].entity, "on"
    raise LookupError(f"{door.name} has nothing that makes it record")


def build(door: Place) -> dict[str, Any]:
    """The automation as its editor would save it."""
    entity, wanted = record_control(door)
    camera = door.cameras[0].entity
    record: dict[str, Any]
    if entity.startswith("switch."):
        record = {"action": "switch.turn_on", "target": {"entity_id": entity}}
    else:
        record = {
            "action": "select.select_option",
            "target": {"entity_id": entity},
            "data": {"option": wanted},
        }
    # A browser gets the picture with the camera's own short-lived token.
    picture = f"/api/camera_proxy/{camera}?token={{{{ state_attr('{camera}', 'access_token') }}}}"
    return {
        "alias": "Motion at the front door",
        "description": "Records while something moves, and keeps a note with the picture.",
        "mode": "restart",
        "triggers": [
            {"trigger": "state", "entity_id": door.only("motion", "binary_sensor"), "to": "on"}
        ],
        "conditions": [],
        "actions": [
            record,
            {
                "action": "persistent_notification.create",
                "data": {
                    "notification_id": NOTE,
                    "title": "Somebody is at the front door",
                    "message": f"Recording since {{{{ now().strftime('%H:%M:%S') }}}}.\n\n"
                    f"![What the camera sees]({picture})",
                },
            },
        ],
    }


async def install(api: Api, door: Place) -> None:
    """Save it with the automation editor's own API."""
    await api.json("POST", f"/api/config/automation/config/{AUTOMATION_ID}", build(door))
