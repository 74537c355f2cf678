"""The scan for bursts: as a brute force finds it, fair under chance, blind to the calendar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.scan import Burst, Happened, ScanSettings, _draws, _expected, _table, scan

FEW = ScanSettings(shuffles=99)
WEEKS = 20


def town(n: int = 40, places: int = 12, *, seed: int = 1) -> Happened:
    rng = np.random.default_rng(seed)
    return Happened(
        xy_m=rng.uniform(0, 3000, (places, 2)),
        place=rng.integers(0, places, n),
        week=rng.integers(0, WEEKS, n),
    )


def with_burst(happened: Happened, n: int = 14) -> Happened:
    return replace(
        happened,
        place=np.concatenate([happened.place, np.full(n, 3)]),
        week=np.concatenate([happened.week, np.arange(n) % 2 + 11]),
    )


def by_force(happened: Happened, settings: ScanSettings) -> Burst:
    """Look at every circle and every span, one by one, by the formula of the paper."""
    total = len(happened.place)
    best = Burst()
    for centre in happened.xy_m:
        gap_m = np.hypot(*(happened.xy_m - centre).T)
        for radius_m in sorted(gap_m[gap_m <= settings.most_m]):
            zone = np.flatnonzero(gap_m <= radius_m)
            here = np.isin(happened.place, zone)
            for first in range(WEEKS):
                for last in range(first, min(first + settings.most_weeks, WEEKS)):
                    then = (happened.week >= first) & (happened.week <= last)
                    c, mu = (here & then).sum(), here.sum() * then.sum() / total
                    if c < settings.least_inside or c <= mu:
                        continue
                    outside = (total - c) * np.log((total - c) / (total - mu)) if c < total else 0
                    strength = c * np.log(c / mu) + outside
                    if strength > best.strength + 1e-9:
                        busy = tuple(i for i in zone.tolist() if (happened.place == i).any())
                        best = Burst(
                            places=busy, first_week=first, last_week=last, n=int(c),
                            expected=float(mu), strength=float(strength),
                        )  # fmt: skip
    return best


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_finds_what_a_brute_force_finds(seed: int):
    happened = with_burst(town(30, 8, seed=seed), n=4)

    found, oracle = scan(happened, seed=1, settings=FEW), by_force(happened, FEW)

    assert found.strength == pytest.approx(oracle.strength, abs=1e-9)
    assert (found.places, found.n) == (oracle.places, oracle.n)
    assert found.expected == pytest.approx(oracle.expected)
    assert oracle.first_week <= found.first_week <= found.last_week <= oracle.last_week


def test_a_planted_burst_is_found():
    found = scan(with_burst(town(100)), seed=1)

    assert 3 in found.places
    assert (found.first_week, found.last_week) == (11, 12)
    assert found.n >= 14
    assert found.p <= 0.02


@pytest.mark.parametrize("with_hours", [False, True])
def test_without_a_burst_p_is_spread_evenly(*, with_hours: bool):
    ps = []
    for seed in range(60):
        happened = town(30, 8, seed=seed)
        if with_hours:
            hours = np.random.default_rng(seed).gamma(2.0, 1.0, (8, WEEKS))
            even = np.log(hours + FEW.idle_share * hours.mean())
            week = _draws(happened.place, happened.week, even, 1, np.random.default_rng(seed))[0]
            happened = replace(happened, week=week, hours=hours)
        ps.append(scan(happened, seed=seed, settings=replace(FEW, shuffles=59)).p)

    assert np.mean(ps) == pytest.approx(0.5, abs=0.13)
    assert np.mean(np.array(ps) <= 0.25) == pytest.approx(0.25, abs=0.17)


def test_what_more_hours_explain_is_no_burst():
    happened = with_burst(town(100))
    hours = np.ones((12, WEEKS))
    hours[3, 11:13] = 60.0

    alone = scan(happened, seed=1, settings=FEW)
    adjusted = scan(replace(happened, hours=hours), seed=1, settings=FEW)

    assert alone.p <= 0.02
    assert adjusted.p > 0.1


def test_even_hours_change_nothing():
    happened = with_burst(town(100))
    even = replace(happened, hours=np.full((12, WEEKS), 3.0))

    one, other = (scan(each, seed=1, settings=FEW) for each in (happened, even))
    assert replace(one, expected=0, strength=0) == replace(other, expected=0, strength=0)
    assert (one.expected, one.strength) == pytest.approx((other.expected, other.strength))


def test_no_hours_at_all_are_no_visits():
    happened = with_burst(town(100))
    nobody = replace(happened, hours=np.zeros((12, WEEKS)))

    assert scan(happened, seed=1, settings=FEW) == scan(nobody, seed=1, settings=FEW)


def test_what_is_expected_has_the_totals_of_what_was_seen():
    happened = town()
    seen = _table(happened.place, happened.week, (12, WEEKS))
    seen = seen[seen.sum(axis=1) > 0]
    hours = np.random.default_rng(2).gamma(2.0, 1.0, seen.shape)

    fitted = _expected(seen, hours)

    np.testing.assert_allclose(fitted.sum(axis=1), seen.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(fitted.sum(axis=0), seen.sum(axis=0), rtol=1e-6)


def test_chance_is_drawn_as_the_hours_favour_it():
    # Two cases, two places, two weeks: apart 1 x 1, or together with the hours 3 x 3.
    log_hours = np.log(np.array([[1.0, 3.0], [3.0, 1.0]]))
    weeks = _draws(np.array([0, 1]), np.array([0, 1]), log_hours, 4000, np.random.default_rng(1))

    assert (np.sort(weeks, axis=1) == [0, 1]).all()
    assert (weeks[:, 0] == 1).mean() == pytest.approx(0.9, abs=0.02)


def test_one_seed_gives_one_answer():
    assert scan(town(), seed=4, settings=FEW) == scan(town(), seed=4, settings=FEW)


def test_too_few_cases_are_a_result_with_what_is_missing():
    verdict = scan(town(22), seed=1).verdict

    assert verdict is not None
    assert (verdict.id, verdict.params["n"]) == ("findings.missing_cases", 8)
