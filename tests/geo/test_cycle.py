"""A course is what is left of the hours once effort is taken out, and as sharp as events allow."""

from __future__ import annotations

import numpy as np
import pytest

from geo.cycle import Events, group_courses, learn_course, month_kernels, week_kernels
from geo.slots import HOURS

HOUR = np.arange(HOURS)
#: Children are there in the evenings, and hardly in the mornings.
TRUTH = 1.0 + 0.9 * np.cos(2.0 * np.pi * (HOUR % 24 - 18) / 24)


def events(counts: np.ndarray, expected: np.ndarray) -> Events:
    """Return whole events of one group by bin, or of as many groups as there are rows."""
    counts, expected = np.atleast_2d(counts), np.atleast_2d(expected)
    group, bins = np.nonzero(counts)
    times = counts[group, bins].astype(int)
    return Events(
        group=np.repeat(group, times),
        bin=np.repeat(bins, times),
        share=np.ones(times.sum()),
        sure=np.ones(times.sum(), dtype=bool),
        expected=expected.astype(float),
    )


def drawn(seed: int, effort: np.ndarray, truth: np.ndarray, n: float) -> Events:
    due = n * effort * truth / (effort * truth).sum()
    return events(np.random.default_rng(seed).poisson(due), effort)


@pytest.mark.parametrize("kernels", [week_kernels(), month_kernels()])
def test_every_way_to_smooth_keeps_the_sum(kernels):
    for kernel in kernels:
        assert kernel.sum(axis=1) == pytest.approx(np.ones(len(kernel)))
        assert (kernel >= 0).all()


def test_a_peak_of_the_hours_is_found():
    made = learn_course(drawn(1, np.ones(HOURS), TRUTH, 400), week_kernels()).relative

    assert np.corrcoef(made, TRUTH)[0, 1] > 0.9
    assert made.mean() == pytest.approx(1.0)


def test_hours_in_which_teams_are_out_more_are_not_taken_for_high_ones():
    # Everybody is out in the evening; children are there at all hours alike.
    effort = np.where((HOUR % 24 >= 16) & (HOUR % 24 < 20), 12.0, 0.5)

    made = learn_course(drawn(2, effort, np.ones(HOURS), 300), week_kernels()).relative

    assert np.abs(made - 1.0).max() < 0.35


def test_with_few_events_there_is_hardly_any_course():
    made = [
        learn_course(drawn(s, np.ones(HOURS), TRUTH, 6), week_kernels()).relative for s in range(20)
    ]

    assert np.mean([np.ptp(course) for course in made]) < 0.6 * np.ptp(TRUTH)


def test_without_events_or_effort_every_hour_is_alike():
    for one in (events(np.zeros(HOURS), np.ones(HOURS)), events(np.ones(HOURS), np.zeros(HOURS))):
        assert learn_course(one, week_kernels()).relative == pytest.approx(np.ones(HOURS))


def test_a_week_later_or_earlier_by_days_is_the_same_course_moved():
    one = drawn(3, np.ones(HOURS), TRUTH, 200)
    same = learn_course(one, month_like()).relative
    moved = learn_course(
        Events(
            group=one.group,
            bin=(one.bin + 24) % HOURS,
            share=one.share,
            sure=one.sure,
            expected=np.roll(one.expected, 24, axis=1),
        ),
        month_like(),
    ).relative

    assert moved == pytest.approx(np.roll(same, 24))


def month_like() -> tuple[np.ndarray, ...]:
    """Return the ways to smooth that know no weekend: those may be moved by a day."""
    return tuple(k for k in week_kernels() if np.allclose(np.roll(k, (24, 24), (0, 1)), k))


def test_a_group_without_events_has_the_course_of_all():
    counts = np.vstack([np.random.default_rng(4).poisson(TRUTH), np.zeros(HOURS)])
    one = events(counts, np.ones((2, HOURS)))

    made = group_courses(one, TRUTH, week_kernels()[0])

    assert made[1] == pytest.approx(TRUTH)


def test_a_group_with_a_course_of_its_own_is_told_from_the_others():
    by_day = 1.0 + 0.9 * np.cos(2.0 * np.pi * (HOUR % 24 - 9) / 24)
    rng = np.random.default_rng(5)
    counts = np.vstack([rng.poisson(2.0 * TRUTH), rng.poisson(1.5 * by_day)])

    made = group_courses(events(counts, np.ones((2, HOURS))), np.ones(HOURS), week_kernels()[1])

    assert np.corrcoef(made[0], TRUTH)[0, 1] > 0.9
    assert np.corrcoef(made[1], by_day)[0, 1] > 0.9


def test_events_of_unknown_hour_count_and_do_not_judge():
    # Spread over the day they blur; were they to judge, they would speak for no course at all.
    sharp = drawn(6, np.ones(HOURS), TRUTH, 150)
    blurred = Events(
        group=np.concatenate([sharp.group, np.zeros(HOURS, dtype=int)]),
        bin=np.concatenate([sharp.bin, HOUR]),
        share=np.concatenate([sharp.share, np.full(HOURS, 0.2)]),
        sure=np.concatenate([sharp.sure, np.zeros(HOURS, dtype=bool)]),
        expected=sharp.expected,
    )

    one, other = (learn_course(e, week_kernels()).relative for e in (sharp, blurred))

    assert 0.6 * np.ptp(one) < np.ptp(other) < np.ptp(one)


def test_the_year_of_the_coast_is_found_and_has_no_edge_at_new_year():
    truth = 1.0 + 0.95 * np.cos(2.0 * np.pi * (np.arange(12) - 6) / 12)

    made = learn_course(drawn(7, np.ones(12), truth, 300), month_kernels()).relative

    assert np.argmax(made) in {5, 6, 7}
    assert abs(made[11] - made[0]) < 0.3


def test_a_group_that_is_out_at_the_best_hours_only_stays_at_their_level():
    # Its few events say nothing new: an hour of its effort is worth what the common course says.
    effort = np.vstack([np.ones(HOURS), np.where(TRUTH > 1.6, 1.0, 0.0)])
    rng = np.random.default_rng(8)
    counts = np.vstack([rng.poisson(2.0 * TRUTH), rng.poisson(0.05 * TRUTH * effort[1])])

    made = group_courses(events(counts, effort), TRUTH, week_kernels()[0])

    assert (made[1] @ effort[1]) / effort[1].sum() == pytest.approx(TRUTH[TRUTH > 1.6].mean())
