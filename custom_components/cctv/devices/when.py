"""Device clocks: local times without a zone, told in UTC, also where the hour comes twice."""

from datetime import UTC, datetime, timedelta, tzinfo

NO_DRIFT = timedelta(0)


def to_utc(
    naive: datetime, zone: tzinfo, drift: timedelta = NO_DRIFT, not_before: datetime | None = None
) -> datetime:
    """The moment of a device's local time; in a doubled hour the first not before `not_before`."""
    either, other = _moments(naive, zone)
    if either == other:
        return _later(either, -drift)
    moments = sorted({_later(moment, -drift) for moment in (either, other)})
    if not_before is not None:
        for moment in moments:
            if moment >= not_before:
                return moment
    return moments[0]


def to_local(moment: datetime, zone: tzinfo, drift: timedelta = NO_DRIFT) -> datetime:
    """What a device's clock shows at a moment: local, without a zone."""
    shown = _later(moment, drift)
    try:
        return shown.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        # At the ends of the calendar a zone is no matter.
        return shown.replace(tzinfo=None)


def drift_of(naive: datetime, zone: tzinfo, now: datetime) -> timedelta:
    """How far a device's clock is ahead of `now`; in a doubled hour the smaller difference."""
    return min((moment - now for moment in _moments(naive, zone)), key=abs)


def _moments(naive: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments that a local time may mean, mostly one and the same."""
    try:
        first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
        return first, naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError:
        return naive.replace(tzinfo=UTC), naive.replace(tzinfo=UTC)


def _later(moment: datetime, time: timedelta) -> datetime:
    """So much later, as far as the calendar goes."""
    try:
        return moment + time
    except OverflowError:
        return moment
