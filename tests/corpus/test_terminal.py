"""corpus.terminal: typer's own words in Dutch, in the help and about wrong use of all three commands."""

import re
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

import chatbot.cli
import evals.cli
import ingest.cli
from corpus.terminal import Terminal

PROGRAMS = {"ingest": ingest.cli.app, "chatbot": chatbot.cli.app, "evals": evals.cli.app}
COMMANDS = [
    (program, info.name or info.callback.__name__)
    for program, app in PROGRAMS.items()
    for info in app.registered_commands
    if info.callback
]
ENGLISH = re.compile(
    r"Usage|OPTIONS|ARGS|Options|Commands|Arguments|Show this|required|default\b|<\w+>|\b(?:the|and|of the|with|file)\b"
)
small = Terminal(help="Een proef.")


@small.command()
def rekenen(
    getal: Annotated[int, typer.Argument(help="Een getal.")],
    keer: Annotated[int, typer.Option(min=1, help="Hoe vaak.")] = 1,
    bestand: Annotated[Path | None, typer.Option(exists=True, help="Een bestand.")] = None,
    hard: Annotated[bool, typer.Option("--hard", help="Hard.")] = False,
) -> None:
    """Reken iets uit."""
    if getal == 13:
        raise typer.BadParameter("dit getal kan niet")
    raise typer.Exit(getal)


@small.command()
def niets() -> None:
    """Doe niets."""


def run(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["proef", *arguments])
    with pytest.raises(SystemExit) as ended:
        small.run("proef")
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize(("program", "command"), [*COMMANDS, *((program, "") for program in PROGRAMS)])
def test_help_is_dutch_from_the_first_line_to_the_last(program: str, command: str) -> None:
    shown = CliRunner().invoke(PROGRAMS[program], [*([command] if command else []), "--help"], prog_name=program)
    assert shown.exit_code == 0
    assert "Gebruik: " in shown.output
    assert "Toon deze uitleg." in shown.output
    assert ENGLISH.findall(shown.output) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rekenen"], "Geef ook getal. Uitleg: proef rekenen --help"),
        (["rekene", "1"], "De opdracht 'rekene' bestaat niet. Bedoelt u 'rekenen'? Uitleg: proef --help"),
        (["rekenen", "1", "2"], "Dit is te veel: 2. Uitleg: proef rekenen --help"),
        (["rekenen", "1", "--ker", "2"], "De optie --ker bestaat niet. Bedoelt u --keer?"),
        (["rekenen", "1", "--keer"], "Zet een waarde achter --keer."),
        (["rekenen", "1", "--hard=ja"], "Achter --hard hoort niets."),
        (["rekenen", "een"], "De waarde van getal kan niet: dit moet een heel getal zijn."),
        (["rekenen", "1", "--keer", "0"], "De waarde van --keer kan niet: dit moet 1 of meer zijn."),
        (["rekenen", "1", "--bestand", "/weg"], "De waarde van --bestand kan niet: /weg bestaat niet."),
        (["rekenen", "13"], "dit getal kan niet."),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, shown = run(*arguments, capsys=capsys, monkeypatch=monkeypatch)
    assert status == 2
    assert shown.startswith("proef: ")
    assert told in shown
    assert shown.count("\n") == 1


def test_a_command_ends_with_the_status_it_asks_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("rekenen", "3", capsys=capsys, monkeypatch=monkeypatch) == (3, "")
    assert run("niets", capsys=capsys, monkeypatch=monkeypatch) == (0, "")
