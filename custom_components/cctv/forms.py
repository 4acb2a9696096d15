"""The forms of the flows: what is asked, and how the answers are kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TIME_ZONE,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.helpers import selector

if TYPE_CHECKING:
    # What Home Assistant puts in the place of voluptuous at run time.
    import probatio as vol
else:
    import voluptuous as vol

from .const import CONF_CHANNELS, CONF_FAMILY, CONF_FAMILY_OPTIONS, CONF_LEFT_OUT
from .devices.device import Family, Option
from .devices.env import JSON

type Fields = dict[vol.Marker, Any]
type Schema = vol.Schema

_USERNAME = selector.TextSelector(selector.TextSelectorConfig(autocomplete="username"))
_PASSWORD = selector.TextSelector(
    selector.TextSelectorConfig(
        type=selector.TextSelectorType.PASSWORD, autocomplete="current-password"
    )
)


def address_form(url: str) -> vol.Schema:
    """Ask where the device is."""
    return vol.Schema({vol.Required(CONF_URL, default=url or vol.UNDEFINED): str})


def tls_form() -> vol.Schema:
    """Ask whether a certificate that cannot be verified will do."""
    return vol.Schema({vol.Required(CONF_VERIFY_SSL, default=True): bool})


def family_form(titles: Mapping[str, str], likely: str) -> vol.Schema:
    """Ask what kind of device it is."""
    options = [selector.SelectOptionDict(value=name, label=title) for name, title in titles.items()]
    return vol.Schema(
        {
            vol.Required(CONF_FAMILY, default=likely): selector.SelectSelector(
                selector.SelectSelectorConfig(options=options)
            )
        }
    )


def login_form(user: str) -> vol.Schema:
    """Ask for user name and password; some devices know only one of the two."""
    return vol.Schema(
        {
            vol.Optional(CONF_USERNAME, default=user): _USERNAME,
            vol.Optional(CONF_PASSWORD, default=""): _PASSWORD,
        }
    )


def reconfigure_form(url: str, user: str, verify_tls: bool) -> vol.Schema:
    """Ask for everything that leads to the device."""
    return vol.Schema(
        {
            vol.Required(CONF_URL, default=url): str,
            vol.Optional(CONF_USERNAME, description={"suggested_value": user}): _USERNAME,
            vol.Optional(CONF_PASSWORD): _PASSWORD,
            vol.Required(CONF_VERIFY_SSL, default=verify_tls): bool,
        }
    )


def channels_form(names: Mapping[str, str]) -> vol.Schema:
    """Ask which of a recorder's cameras are wanted."""
    return vol.Schema(_channels(names, {}))


def preferences_form(family: Family) -> vol.Schema:
    """Ask what a family wants to know."""
    return vol.Schema(_family(family, {}))


def options_form(
    family: Family, options: Mapping[str, Any], channels: Mapping[str, str]
) -> vol.Schema:
    """Ask for what can be changed at any time."""
    fields: Fields = {}
    if len(channels) > 1:
        fields |= _channels(channels, options.get(CONF_LEFT_OUT, {}))
    fields |= _common(options)
    fields |= _family(family, options.get(CONF_FAMILY_OPTIONS, {}))
    return vol.Schema(fields)


def _channels(names: Mapping[str, str], left_out: Mapping[str, str]) -> Fields:
    """Ask which cameras are wanted; those that were are chosen already."""
    options = [selector.SelectOptionDict(value=part, label=name) for part, name in names.items()]
    kept = [part for part in names if part not in left_out]
    return {
        vol.Required(CONF_CHANNELS, default=kept): selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=options, multiple=True, mode=selector.SelectSelectorMode.LIST
            )
        )
    }


def _family(family: Family, current: Mapping[str, JSON]) -> Fields:
    """Ask what a family wants to know."""
    return {
        _marker(option, current.get(option.key, option.default)): _selector(option)
        for option in family.options
    }


def _common(options: Mapping[str, Any]) -> Fields:
    """Ask what is the same for all families."""
    zone = {"suggested_value": options.get(CONF_TIME_ZONE)}
    return {
        vol.Required(CONF_VERIFY_SSL, default=options.get(CONF_VERIFY_SSL, True)): bool,
        vol.Optional(CONF_TIME_ZONE, description=zone): str,
    }


def left_out(names: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the cameras that were not chosen, with their names for the next time."""
    chosen = answers.get(CONF_CHANNELS, names)
    return {part: name for part, name in names.items() if part not in chosen}


def options_of(
    family: Family, *, verify_tls: bool, without: Mapping[str, str], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers as an entry keeps them."""
    options: dict[str, Any] = {
        CONF_VERIFY_SSL: verify_tls,
        CONF_LEFT_OUT: dict(without),
        CONF_FAMILY_OPTIONS: {
            option.key: int(answers[option.key]) if option.kind == "int" else answers[option.key]
            for option in family.options
            if option.key in answers
        },
    }
    if zone := answers.get(CONF_TIME_ZONE):
        options[CONF_TIME_ZONE] = zone
    return options


def _marker(option: Option, value: JSON) -> vol.Marker:
    """Return how a question is marked: a text may be emptied, the rest has always an answer."""
    if option.kind in ("text", "url"):
        return vol.Optional(option.key, description={"suggested_value": value})
    if value is None:
        return vol.Optional(option.key)
    return vol.Required(option.key, default=value)


def _selector(option: Option) -> selector.Selector[Any]:
    """Return how a question is asked."""
    match option.kind:
        case "bool":
            return selector.BooleanSelector()
        case "int":
            config = selector.NumberSelectorConfig(mode=selector.NumberSelectorMode.BOX)
            if option.min is not None:
                config["min"] = option.min
            if option.max is not None:
                config["max"] = option.max
            return selector.NumberSelector(config)
        case "choice":
            return selector.SelectSelector(
                selector.SelectSelectorConfig(
                    options=list(option.choices), translation_key=option.key
                )
            )
        case "url":
            return selector.TextSelector(
                selector.TextSelectorConfig(type=selector.TextSelectorType.URL)
            )
        case _:
            return selector.TextSelector()
