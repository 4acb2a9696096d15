"""Device clocks: local times without a zone, told in UTC, also where the hour comes twice."""

from datetime import UTC, datetime, timedelta, tzinfo

NO_DRIFT = timedelta(0)


def to_utc(
    naive: datetime, zone: tzinfo, drift: timedelta = NO_DRIFT, not_before: datetime | None = None
) -> datetime:
    """The moment of a device's local time; in a doubled hour the first not before `not_before`."""
    moments = sorted(
        {naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) - drift for fold in (0, 1)}
    )
    if not_before is not None:
        for moment in moments:
            if moment >= not_before:
                return moment
    return moments[0]


def to_local(moment: datetime, zone: tzinfo, drift: timedelta = NO_DRIFT) -> datetime:
    """What a device's clock shows at a moment: local, without a zone."""
    return (moment + drift).astimezone(zone).replace(tzinfo=None)


def drift_of(naive: datetime, zone: tzinfo, now: datetime) -> timedelta:
    """How far a device's clock is ahead of `now`; in a doubled hour the smaller difference."""
    drifts = [naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) - now for fold in (0, 1)]
    return min(drifts, key=abs)
