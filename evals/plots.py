"""Plots as SVG text, which a page can hold without another file. Home of matplotlib."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.curves import Bin, Point
from evals.records import Figure

# Okabe and Ito's colours: they stay apart for colour-blind readers and in grey.
COLOURS = ("#0072B2", "#999999", "#E69F00", "#009E73")
WIDTH, HEIGHT = 7.2, 3.6


def draw(paint: Callable[[Any], None], width: float = WIDTH, height: float = HEIGHT) -> str:
    """Draw one plot and return it as an <svg> element."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib.figure import Figure as Canvas

    # A fixed salt and no date: the same figures give the same file.
    with mpl.rc_context({"svg.hashsalt": "vraagbaak", "svg.fonttype": "none", "font.size": 10}):
        canvas = Canvas(figsize=(width, height), layout="constrained")
        paint(canvas.subplots())
        buffer = io.StringIO()
        canvas.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def plot_systems(rows: Mapping[str, Mapping[str, Figure]], measure: str) -> str:
    """Plot one measure per set, a bar per system, with its interval. `rows` is set → system → figure."""

    def paint(axes: Any) -> None:
        systems = list(dict.fromkeys(system for row in rows.values() for system in row))
        size = 0.8 / max(len(systems), 1)
        for at, system in enumerate(systems):
            shown = [(x, row[system]) for x, row in enumerate(rows.values()) if system in row]
            places = [x + (at - (len(systems) - 1) / 2) * size for x, _ in shown]
            values = [figure.value for _, figure in shown]
            below = [figure.value - (figure.low or 0) for _, figure in shown]
            above = [(figure.high or 0) - figure.value for _, figure in shown]
            axes.bar(places, values, size * 0.92, label=system, color=COLOURS[at % len(COLOURS)])
            axes.errorbar(places, values, [below, above], fmt="none", ecolor="#333333", capsize=2, linewidth=0.9)
        axes.set_xticks(range(len(rows)), list(rows), rotation=20 if len(rows) > 4 else 0)
        axes.set_ylim(0, 1.05)
        axes.set_ylabel(measure)
        axes.legend(loc="upper center", ncols=max(len(systems), 1), bbox_to_anchor=(0.5, 1.16), frameon=False)

    return draw(paint)


def plot_groups(rows: Mapping[str, Figure], measure: str) -> str:
    """Plot one measure per group as dots with intervals, lowest on top."""

    def paint(axes: Any) -> None:
        ordered = sorted(rows.items(), key=lambda row: -row[1].value)
        for y, (_, figure) in enumerate(ordered):
            spread = [[figure.value - (figure.low or 0)], [(figure.high or 0) - figure.value]]
            axes.errorbar([figure.value], [y], xerr=spread, fmt="o", color=COLOURS[0], ecolor="#777777", capsize=2)
        axes.set_yticks(range(len(ordered)), [f"{name} (n = {figure.n})" for name, figure in ordered])
        axes.set_xlim(0, 1.02)
        axes.set_xlabel(measure)
        axes.grid(axis="x", color="#dddddd")

    return draw(paint, height=1.2 + 0.28 * len(rows))


def plot_systems_by_group(rows: Mapping[str, Mapping[str, Figure]], measure: str) -> str:
    """Plot one measure per group as dots with intervals, a dot per system, where ours is best on top."""

    def paint(axes: Any) -> None:
        ordered = sorted(rows.items(), key=lambda row: next(iter(row[1].values())).value)
        systems = list(dict.fromkeys(system for row in rows.values() for system in row))
        for at, system in enumerate(systems):
            shown = [(y, row[system]) for y, (_, row) in enumerate(ordered) if system in row]
            values = [figure.value for _, figure in shown]
            below = [figure.value - (figure.low or 0) for _, figure in shown]
            above = [(figure.high or 0) - figure.value for _, figure in shown]
            places = [y + 0.24 * ((len(systems) - 1) / 2 - at) for y, _ in shown]
            colour = COLOURS[at % len(COLOURS)]
            axes.errorbar(
                values, places, xerr=[below, above], fmt="o", markersize=4, color=colour, capsize=2, linewidth=0.9,
                label=system,
            )  # fmt: skip
        counts = (next(iter(row.values())).n for _, row in ordered)
        names = [f"{name} (n = {n})" for (name, _), n in zip(ordered, counts, strict=True)]
        axes.set_yticks(range(len(ordered)), names)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(measure)
        axes.grid(axis="x", color="#dddddd")
        axes.legend(loc="lower center", ncols=len(systems), bbox_to_anchor=(0.5, 1), frameon=False)

    return draw(paint, height=1.3 + 0.34 * len(rows))


def plot_risk(points: Sequence[Point], reached: tuple[float, float] | None) -> str:
    """Plot risk against coverage, with and without choices; `reached` is (answered, wrong of answered) as it is now."""

    def paint(axes: Any) -> None:
        coverage = [point.coverage for point in points]
        axes.plot(coverage, [p.risk for p in points], color=COLOURS[0], label="één antwoord: eerste pagina fout")
        axes.plot(coverage, [p.risk_of_three for p in points], color=COLOURS[3], label="drie keuzes: geen is goed")
        if reached:
            axes.plot(*reached, "o", color=COLOURS[2], label="met de drempels van nu")
        axes.set_xlabel("deel van de vragen, zekerste eerst")
        axes.set_ylabel("deel fout")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(bottom=0)
        axes.grid(color="#dddddd")
        axes.legend(frameon=False)

    return draw(paint)


def plot_helped(points: Sequence[Point]) -> str:
    """Plot how many questions end well at each threshold, without and with the choices for the unsure ones."""

    def paint(axes: Any) -> None:
        coverage = [point.coverage for point in points]
        axes.plot(coverage, [p.helped for p in points], color=COLOURS[0], label="zonder keuzes")
        axes.plot(coverage, [p.helped_by_clarifying for p in points], color=COLOURS[3], label="met keuzes")
        axes.set_xlabel("deel direct beantwoord")
        axes.set_ylabel("deel geholpen")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.grid(color="#dddddd")
        axes.legend(frameon=False, loc="lower right")

    return draw(paint)


def plot_reliability(bins: Sequence[Bin]) -> str:
    """Plot how often the first page is right against how sure the system was."""

    def paint(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", linewidth=1, label="volmaakt")
        axes.plot([b.confidence for b in bins], [b.right for b in bins], "o-", color=COLOURS[0], label="gemeten")
        axes.set_xlabel("zekerheid over de pagina")
        axes.set_ylabel("eerste pagina goed")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.grid(color="#dddddd")
        axes.legend(frameon=False, loc="upper left")

    return draw(paint, width=4.6, height=3.8)
