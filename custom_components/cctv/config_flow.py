"""Config flow: an address is enough, what answers there is found out."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, override
from urllib.parse import urlsplit, urlunsplit

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TIME_ZONE,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import (
    ATTR_UPNP_FRIENDLY_NAME,
    ATTR_UPNP_PRESENTATION_URL,
    ATTR_UPNP_SERIAL,
    SsdpServiceInfo,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.util import dt as dt_util

from . import forms
from .channels import async_channels, known_channels
from .connection import address_of, async_families, async_family, async_inspect, async_look
from .const import (
    CONF_ANCHOR,
    CONF_CHANNELS,
    CONF_FAMILY,
    CONF_IDENTITIES,
    DOMAIN,
)
from .coordinator import CctvConfigEntry
from .devices.device import Family, Sighting
from .devices.env import Address
from .devices.errors import DeviceError, InvalidAuth, TlsRefused, WrongFamily
from .devices.model import Topology
from .errors import placeholders
from .identity import anchor_of, are_different, identities, mac_identity
from .parts import box


class CctvConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds a device, logs in to it again, or changes where it is."""

    VERSION = 1

    _family: Family

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._asked = ""
        """The address as it was given."""
        self._name = ""
        """What the network calls it."""
        self._start = "user"
        """The step that trouble with the address is shown at."""
        self._families: Mapping[str, Family] = {}
        self._sighting = Sighting("", certain=False)
        self._address = Address("")
        self._topology = Topology()
        self._channels: dict[str, str] = {}
        self._left_out: dict[str, str] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: CctvConfigEntry) -> CctvOptionsFlow:
        """Return the flow for what can be changed at any time."""
        return CctvOptionsFlow()

    # --- where it is

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address; everything else can be found out."""
        if user_input is None:
            return self._show("user")
        self._asked = user_input[CONF_URL]
        return await self._async_find_out("user")

    async def async_step_tls(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer to accept a certificate that nobody vouches for."""
        if user_input is None:
            return self._show("tls")
        return await self._async_find_out("tls", verify_tls=user_input[CONF_VERIFY_SSL])

    async def async_step_family(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what it is, where the answers leave it open."""
        if user_input is None:
            return self._show("family")
        named = user_input[CONF_FAMILY]
        if named != self._sighting.family:
            self._sighting = Sighting(named, certain=False)
        return await self._async_settle()

    async def _async_find_out(self, step: str, verify_tls: bool = True) -> ConfigFlowResult:
        """Find out what answers at the address, and go on with that."""
        self._families = await async_families(self.hass)
        try:
            self._address, self._sighting = await async_look(
                self.hass, self._asked, verify_tls, self._families
            )
        except TlsRefused as error:
            return self._show("tls", error if step == "tls" else None)
        except DeviceError as error:
            return self._show(step, error)
        if self._sighting.certain:
            return await self._async_settle()
        return self._show("family")

    async def _async_settle(self) -> ConfigFlowResult:
        """Take it for what it seems to be: log in, or see at once what it has."""
        self._family = self._families[self._sighting.family]
        self._name = self._sighting.model or self._name or self._family.title
        if self._sighting.login:
            return self._show("login")
        return await self._async_open(self._start)

    # --- who may see it

    async def async_step_login(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the login, and try it once each time that it is submitted."""
        if user_input is None:
            return self._show("login")
        self._address = replace(
            self._address,
            user=user_input.get(CONF_USERNAME, ""),
            password=user_input[CONF_PASSWORD],
        )
        return await self._async_open("login")

    async def _async_open(self, step: str) -> ConfigFlowResult:
        """See what the device is and has."""
        try:
            self._topology = await async_inspect(self.hass, self._family, self._address, {})
        except InvalidAuth as error:
            return self._show("login", error)
        except DeviceError as error:
            return self._show(step, error)
        about = box(self._topology)
        self._name = about.name or about.model or self._name
        self._abort_if_known(identities(about), self._address.url)
        self._abort_if_taken(identities(about))
        await self._async_claim(anchor_of(about), identities(about))
        self._channels = await async_channels(self.hass, self._topology.parts.values())
        if len(self._channels) > 1:
            return self._show("channels")
        return await self._async_ask_preferences()

    # --- what is wanted of it

    async def async_step_channels(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which cameras of a recorder are wanted."""
        if user_input is None:
            return self._show("channels")
        if not user_input[CONF_CHANNELS]:
            return self._show("channels", key="no_channels")
        self._left_out = forms.left_out(self._channels, user_input)
        return await self._async_ask_preferences()

    async def _async_ask_preferences(self) -> ConfigFlowResult:
        """Ask what the family wants to know, if anything."""
        if self._family.options:
            return self._show("preferences")
        return await self.async_step_preferences({})

    async def async_step_preferences(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take what the family wanted to know, and make the entry."""
        if user_input is None:
            return self._show("preferences")
        about = box(self._topology)
        # Another dialog may have been quicker.
        self._abort_if_taken(identities(about))
        return self.async_create_entry(
            title=self._name,
            data={
                CONF_FAMILY: self._family.name,
                CONF_URL: self._address.url,
                CONF_USERNAME: self._address.user,
                CONF_PASSWORD: self._address.password,
                CONF_ANCHOR: anchor_of(about),
                CONF_IDENTITIES: sorted(identities(about)),
            },
            options=forms.options_of(
                self._family,
                verify_tls=self._address.verify_tls,
                without=self._left_out,
                answers=user_input,
            ),
        )

    # --- discovery

    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Meet a device that asked for an address."""
        known = frozenset({mac_identity(discovery_info.macaddress)})
        # Some tell no name.
        name = discovery_info.hostname or discovery_info.ip
        return await self._async_meet(discovery_info.ip, discovery_info.ip, known, name)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Meet a device that announces itself."""
        told = {key.lower(): value for key, value in discovery_info.properties.items()}
        known = {mac_identity(mac) for key in ("mac", "macaddress") if (mac := told.get(key))}
        known |= {
            f"serial:{serial}"
            for key in ("serial", "serialnumber", "sn")
            if (serial := told.get(key))
        }
        host = discovery_info.host
        place = f"[{host}]" if ":" in host else host
        if discovery_info.port not in (None, 80):
            place = f"{place}:{discovery_info.port}"
        name = discovery_info.name.removesuffix(f".{discovery_info.type}")
        return await self._async_meet(place, host, frozenset(known), name)

    @override
    async def async_step_ssdp(self, discovery_info: SsdpServiceInfo) -> ConfigFlowResult:
        """Meet a device that answers a search."""
        told = discovery_info.upnp
        place = told.get(ATTR_UPNP_PRESENTATION_URL) or discovery_info.ssdp_location or ""
        host = urlsplit(place).hostname
        if not host:
            return self.async_abort(reason="no_address")
        serial = told.get(ATTR_UPNP_SERIAL)
        known = frozenset({f"serial:{serial}"} if serial else ())
        if not told.get(ATTR_UPNP_PRESENTATION_URL):
            place = f"[{host}]" if ":" in host else host
        return await self._async_meet(place, host, known, told.get(ATTR_UPNP_FRIENDLY_NAME, host))

    async def _async_meet(
        self, place: str, host: str, known: frozenset[str], name: str
    ) -> ConfigFlowResult:
        """Follow a known device to its new address, or offer to add a new one; nothing is sent."""
        if is_passing(host):
            return self.async_abort(reason="no_address")
        self._abort_if_known(known, None, host)
        self._abort_if_behind(known)
        await self.async_set_unique_id(min(known, default=f"host:{host}"))
        self._abort_if_unique_id_configured()
        self._asked = place
        self._name = name
        self._start = "confirm"
        self.context["title_placeholders"] = {"name": name}
        return self._show("confirm")

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask before anything is sent: some devices log every stranger."""
        if user_input is None:
            return self._show("confirm")
        return await self._async_find_out("confirm")

    def _abort_if_known(
        self, known: frozenset[str], url: str | None, host: str | None = None
    ) -> None:
        """Abort if an entry is for this device, after it was told the new address."""
        for entry in self._async_current_entries(include_ignore=False):
            same = not known.isdisjoint(entry.data[CONF_IDENTITIES])
            if not same and urlsplit(entry.data[CONF_URL]).hostname != host:
                continue
            answers = entry.state is ConfigEntryState.LOADED and entry.runtime_data.state.online
            if same and (url is not None or not answers):
                new = url or with_host(entry.data[CONF_URL], host or "")
                if new != entry.data[CONF_URL]:
                    self.hass.config_entries.async_update_entry(
                        entry, data={**entry.data, CONF_URL: new}
                    )
                    self.hass.config_entries.async_schedule_reload(entry.entry_id)
            if same or answers:
                raise AbortFlow("already_configured")

    def _abort_if_behind(self, known: frozenset[str]) -> None:
        """Abort if a recorder has this camera; by hand it can be added all the same."""
        registry = dr.async_get(self.hass)
        for entry in self._async_current_entries(include_ignore=False):
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
                macs = {mac_identity(mac) for _, mac in device.connections}
                if not known.isdisjoint(macs):
                    raise AbortFlow("already_configured")

    def _abort_if_taken(self, known: frozenset[str]) -> None:
        """Abort if another entry is for this address, unless that is certainly another device."""
        for entry in self._async_current_entries(include_ignore=False):
            if entry.entry_id == self.context.get("entry_id"):
                continue
            theirs, ours = address_of(entry.data, entry.options), self._address
            if (
                (theirs.host, theirs.port) == (ours.host, ours.port)
                and entry.data[CONF_FAMILY] == self._family.name
                and not are_different(entry.data[CONF_IDENTITIES], known)
            ):
                raise AbortFlow("already_configured")

    async def _async_claim(self, anchor: str | None, known: frozenset[str]) -> None:
        """Make this the only flow for the device."""
        await self.async_set_unique_id(anchor, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        for flow in self._async_in_progress(include_uninitialized=True):
            if flow["context"].get("unique_id") in known | {anchor} - {None}:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])

    # --- what is known already

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin when the device no longer takes the login."""
        entry = self._get_reauth_entry()
        self._address = address_of(entry.data, entry.options)
        self._family = await async_family(self.hass, entry.data[CONF_FAMILY])
        self._name = entry.title
        return self._show("reauth_confirm")

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the login, and try it once each time that it is submitted."""
        if user_input is None:
            return self._show("reauth_confirm")
        entry = self._get_reauth_entry()
        self._address = replace(
            self._address,
            user=user_input.get(CONF_USERNAME, ""),
            password=user_input[CONF_PASSWORD],
        )
        try:
            await self._async_check_same(entry)
        except DeviceError as error:
            return self._show("reauth_confirm", error)
        return self.async_update_reload_and_abort(entry, data_updates=dict(user_input))

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change where the device is and how to log in to it."""
        entry = self._get_reconfigure_entry()
        if user_input is None:
            self._address = address_of(entry.data, entry.options)
            self._family = await async_family(self.hass, entry.data[CONF_FAMILY])
            self._name = entry.title
            return self._show("reconfigure")
        verify = user_input[CONF_VERIFY_SSL]
        self._address = Address(
            url=user_input[CONF_URL],
            user=user_input.get(CONF_USERNAME, ""),
            password=user_input.get(CONF_PASSWORD) or entry.data.get(CONF_PASSWORD, ""),
            verify_tls=verify,
        )
        try:
            if self._address.url != entry.data[CONF_URL]:
                await self._async_find_again()
            await self._async_check_same(entry)
        except DeviceError as error:
            return self._show("reconfigure", error)
        return self.async_update_reload_and_abort(
            entry,
            data_updates={
                CONF_URL: self._address.url,
                CONF_USERNAME: self._address.user,
                CONF_PASSWORD: self._address.password,
            },
            options={**entry.options, CONF_VERIFY_SSL: verify},
        )

    async def _async_find_again(self) -> None:
        """Find out where exactly the device is at a new address; WrongFamily if it is not there."""
        found = await async_families(self.hass)
        address, seen = await async_look(
            self.hass, self._address.url, self._address.verify_tls, found
        )
        if seen.certain and seen.family != self._family.name:
            raise WrongFamily(found[seen.family].title)
        self._address = replace(self._address, url=address.url)

    async def _async_check_same(self, entry: CctvConfigEntry) -> None:
        """Open the device, and abort if it is certainly another one than the entry is for."""
        topology = await async_inspect(self.hass, self._family, self._address, entry.options)
        known = identities(box(topology))
        if are_different(entry.data[CONF_IDENTITIES], known):
            raise AbortFlow("another_device")
        if self._address.url != entry.data[CONF_URL]:
            self._abort_if_taken(known)

    # --- forms

    def _show(
        self, step: str, error: DeviceError | None = None, key: str | None = None
    ) -> ConfigFlowResult:
        """Show the form of a step, with what went wrong."""
        key = error.key if error is not None else key
        told = {"name": self._name, "address": self._address.url or self._asked}
        if error is not None:
            told |= placeholders(error, self._name)
        return self.async_show_form(
            step_id=step,
            data_schema=self._schema(step),
            errors={"base": key} if key else None,
            description_placeholders=told,
        )

    def _schema(self, step: str) -> forms.Schema | None:
        """Return what a step asks for."""
        match step:
            case "user":
                return forms.address_form(self._asked)
            case "tls":
                return forms.tls_form()
            case "family":
                titles = {name: family.title for name, family in self._families.items()}
                return forms.family_form(titles, self._sighting.family)
            case "login" | "reauth_confirm":
                return forms.login_form(self._address.user)
            case "reconfigure":
                return forms.reconfigure_form(
                    self._address.url, self._address.user, self._address.verify_tls
                )
            case "channels":
                return forms.channels_form(self._channels)
            case "preferences":
                return forms.preferences_form(self._family)
            case _:
                return None


class CctvOptionsFlow(OptionsFlowWithReload):
    """Changes what is wanted of a device."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for cameras, certificate, time zone, and what the family wants to know."""
        entry: CctvConfigEntry = self.config_entry
        family = await async_family(self.hass, entry.data[CONF_FAMILY])
        channels = known_channels(self.hass, entry)
        form = forms.options_form(family, entry.options, channels)
        errors: dict[str, str] = {}
        if user_input is not None:
            if not user_input.get(CONF_CHANNELS, True):
                errors[CONF_CHANNELS] = "no_channels"
            zone = user_input.get(CONF_TIME_ZONE)
            if zone and await dt_util.async_get_time_zone(zone) is None:
                errors[CONF_TIME_ZONE] = "unknown_time_zone"
            if not errors:
                return self.async_create_entry(
                    data=forms.options_of(
                        family,
                        verify_tls=user_input[CONF_VERIFY_SSL],
                        without=forms.left_out(channels, user_input),
                        answers=user_input,
                    )
                )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(form, user_input),
            errors=errors,
            description_placeholders={"name": entry.title},
        )


def is_passing(host: str) -> bool:
    """Tell whether an address is one that a device gives itself until it has a better one."""
    try:
        return ip_address(host.partition("%")[0]).is_link_local
    except ValueError:
        return False


def with_host(url: str, host: str) -> str:
    """Return the same URL at another host."""
    parts = urlsplit(url)
    place = f"[{host}]" if ":" in host else host
    netloc = place if parts.port is None else f"{place}:{parts.port}"
    return urlunsplit(parts._replace(netloc=netloc))
