"""The command line in Dutch: what typer itself says in help and about wrong use.

What typer offers for this is used (its classes for commands, its exceptions, its fixed strings); a word that a newer
typer adds shows up in English, and tests/corpus/test_terminal.py tells.
"""

import difflib
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from corpus.dutch import technical, why_wrong

F = TypeVar("F", bound=Callable[..., Any])
_PANELS = {
    "ARGUMENTS_PANEL_TITLE": "Gegevens",
    "OPTIONS_PANEL_TITLE": "Opties",
    "COMMANDS_PANEL_TITLE": "Opdrachten",
    "DEFAULT_STRING": "[standaard: {}]",
    "REQUIRED_LONG_STRING": "[verplicht]",
}
_USAGE = {"Usage:": "Gebruik:", "[OPTIONS]": "[OPTIES]", "COMMAND [ARGS]...": "OPDRACHT ..."}
_KINDS = {"str": "TEKST", "int": "GETAL", "Path": "BESTAND"}
_PATHS = re.compile(r"^(?i:path|file|directory) '(?P<name>.*)' (?P<problem>does not exist|is a directory|is a file)\.$")
_PROBLEMS = {"does not exist": "bestaat niet", "is a directory": "is een map", "is a file": "is een bestand"}
_EXTRA = re.compile(r"^Got unexpected extra argument\(s\) \((?P<names>.*)\)$")


class _Dutch:
    """Help in Dutch, for a command and for a group of them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from typer import rich_utils

        for name, text in _PANELS.items():
            setattr(rich_utils, name, text)
        for given in self.get_params(ctx):  # type: ignore[attr-defined]
            if isinstance(given, TyperOption) and given.metavar is None:
                given.metavar = "" if given.is_flag else _KINDS.get(given.bare_type(), "TEKST")
            elif isinstance(given, TyperArgument):
                # Its metavar is its name already, and `<str>` says nothing to an editor.
                setattr(given, "display_type_rich", lambda ctx: None)  # noqa: B010  mypy allows no assignment
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option that asks for help."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Toon deze uitleg."
        return option

    def get_usage(self, ctx: Any) -> str:
        """Return the line that shows how a command is written."""
        usage = str(super().get_usage(ctx))  # type: ignore[misc]
        for english, dutch in _USAGE.items():
            usage = usage.replace(english, dutch)
        return usage


class _Command(_Dutch, TyperCommand):
    pass


class _Group(_Dutch, TyperGroup):
    pass


class Terminal(typer.Typer):
    """A command line that speaks Dutch; `run` is what main() calls."""

    def __init__(self, *, help: str) -> None:
        super().__init__(cls=_Group, no_args_is_help=True, add_completion=False, help=help)

    def command(self, name: str | None = None, **options: Any) -> Callable[[F], F]:
        """Register a command, as typer does."""
        return super().command(name, cls=_Command, **options)

    def run(self, program: str) -> NoReturn:
        """Run the command that was asked for, and end: wrong use is one line on stderr and exit status 2."""
        try:
            status = self(prog_name=program, standalone_mode=False)
        except TyperException as error:
            # Typer has shown the help already when nothing at all was asked.
            if type(error).__name__ != "NoArgsIsHelpError":
                sys.stderr.write(f"{program}: {explain(error)}\n")
            sys.exit(error.exit_code)
        except typer.Abort:
            sys.stderr.write(f"{program}: gestopt.\n")
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


def explain(error: TyperException) -> str:
    """Say what is wrong with a command as it was written, and where its help is."""
    context: Any = getattr(error, "ctx", None)
    asked = f" Uitleg: {context.command_path} --help" if context is not None else ""
    return f"{_what(error, context)}{asked}"


def _what(error: TyperException, context: Any) -> str:
    kind = type(error).__name__
    option = str(getattr(error, "option_name", ""))
    if kind == "MissingParameter":
        return f"Geef ook {_hint(error)}."
    if kind == "NoSuchOption":
        near = sorted(getattr(error, "possibilities", None) or ())
        return f"De optie {option} bestaat niet." + (f" Bedoelt u {near[0]}?" if near else "")
    if kind == "BadOptionUsage":
        return f"Zet een waarde achter {option}." if "requires" in error.message else f"Achter {option} hoort niets."
    if kind == "BadParameter":
        hint = _hint(error)
        return f"De waarde van {hint} kan niet: {_why(error)}." if hint else f"Dit kan niet: {_why(error)}."
    if found := _EXTRA.match(error.message):
        return f"Dit is te veel: {found['names']}."
    if found := re.match(r"^No such command '(.*?)'", error.message):
        near = difflib.get_close_matches(found[1], list(getattr(context.command, "commands", ())), n=1)
        return f"De opdracht '{found[1]}' bestaat niet." + (f" Bedoelt u '{near[0]}'?" if near else "")
    return f"Dit kan niet ({technical(error.message)})."


def _hint(error: Any) -> str:
    if error.param_hint:
        return str(error.param_hint)
    return "" if error.param is None else str(error.param.get_error_hint()).strip("'")


def _why(error: TyperException) -> str:
    errors = getattr(error.__cause__, "errors", None)
    if errors is not None:
        return why_wrong(errors()[0])
    if found := _PATHS.match(error.message):
        return f"{found['name']} {_PROBLEMS[found['problem']]}"
    return error.message.rstrip(".")
