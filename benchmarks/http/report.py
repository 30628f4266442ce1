"""From single measurements to medians, paired ratios and a table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from scenarios import ALONE, Metrics, Scenario, of_alone

ALONE_COLUMNS = ("rps vs alone", "p99 vs alone")


@dataclass(frozen=True)
class Measurement:
    scenario: str
    case: str
    peer: str
    round: int
    metrics: Metrics


@dataclass(frozen=True)
class Spread:
    """The median over the rounds, and how far they were apart."""

    median: float
    min: float
    max: float

    def __str__(self) -> str:
        median, low, high = map(_number, (self.median, self.min, self.max))
        return median if low == high else f"{median} ({low}..{high})"


def spread(values: Iterable[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    return Spread(statistics.median(known), min(known), max(known)) if known else None


@dataclass(frozen=True)
class Row:
    case: str
    peer: str
    rounds: int
    metrics: dict[str, Spread | None]
    merit: str
    # The merit relative to the baseline's in the same round.
    to_baseline: Spread | None
    # Relative to the same server's without a neighbour, right before it or in the same round.
    rps_to_alone: Spread | None
    p99_to_alone: Spread | None
    errors: int


def rows(scenario: Scenario, measurements: list[Measurement]) -> list[Row]:
    own = [measurement for measurement in measurements if measurement.scenario == scenario.name]
    found = {(m.case, m.peer, m.round): m.metrics for m in own}
    result = []
    for case in scenario.cases:
        for peer in dict.fromkeys(m.peer for m in own if m.case == case.name):
            mine = {m.round: m.metrics for m in own if (m.case, m.peer) == (case.name, peer)}
            alone = {number: _alone(metrics) or found.get((ALONE, peer, number)) for number, metrics in mine.items()}
            result.append(Row(
                case.name, peer, len(mine),
                {column: spread(m.get(column) for m in mine.values()) for column in (*scenario.columns, "others")},
                case.merit,
                _ratio(case.merit, mine, lambda number: found.get((case.name, scenario.baseline, number))),
                _ratio("rps", mine, alone.get),
                _ratio("p99 ms", mine, alone.get),
                sum(int(m["errors"] or 0) for m in mine.values())))
    return result


def _alone(metrics: Metrics) -> Metrics:
    """What a measurement itself says of the same server without a neighbour."""
    return {metric: metrics[of_alone(metric)] for metric in ("rps", "p99 ms") if of_alone(metric) in metrics}


def _ratio(metric: str, mine: dict[int, Metrics], base_of: Callable[[int], Metrics | None]) -> Spread | None:
    ratios = []
    for number, metrics in mine.items():
        value, base = metrics.get(metric), (base_of(number) or {}).get(metric)
        if value is not None and base:
            ratios.append(value / base)
    return spread(ratios)


def table(scenario: Scenario, lines: list[Row]) -> str:
    """A Markdown table. Rows with errors are marked."""
    with_alone = any(row.rps_to_alone or row.p99_to_alone for row in lines)
    header = ["case", "peer", *scenario.columns, f"vs {scenario.baseline}", *(ALONE_COLUMNS if with_alone else ()), "errors",
              "others %"]
    body = []
    for row in lines:
        others = row.metrics["others"]
        body.append([
            row.case, row.peer, *(_cell(row.metrics[column]) for column in scenario.columns),
            f"{row.to_baseline} of {row.merit}" if row.to_baseline else "-",
            *((_cell(row.rps_to_alone), _cell(row.p99_to_alone)) if with_alone else ()),
            f"!! {row.errors}" if row.errors else "0",
            f"{100 * others.median:.0f}" if others else "-"])
    widths = [max(map(len, column)) for column in zip(header, *body)]
    rule = ["-" * width for width in widths]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in (header, rule, *body))


def as_json(lines: list[Row]) -> list[dict[str, object]]:
    return [asdict(row) for row in lines]


def _cell(value: Spread | None) -> str:
    return str(value) if value else "-"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
