"""pin, hide, note, retag, hold, withdraw and their opposites: the editor's hand, kept in a plain file."""

import getpass
from dataclasses import replace

import click

from feeds.cli import context

# Written with every link the entry goes by: what is out stays out when the state is lost and another copy leads.
LASTING = frozenset({"hide", "unhide", "withdraw"})

why_option = click.option("--why", metavar="TEXT", help="For the log.")


def _entry_command(name: str, help_text: str, *, text: bool = False, by_topic: bool = True) -> click.Command:
    """Return a command that decides one thing about one entry."""

    @click.command(name, help=help_text)
    @click.argument("entry", metavar="URL|ID")
    @why_option
    @context.pass_context
    def command(
        ctx: context.Context, entry: str, *, why: str | None, topic: str | None = None, note: str | None = None
    ) -> None:
        _decide(ctx, name, entry=entry, topic=topic, why=why, text=note)

    if text:
        command.params.append(click.Option(["--text", "note"], required=True, metavar="T", help="What to publish."))
    if by_topic:
        command.params.append(
            click.Option(["--topic"], metavar="SLUG", help="Only in this topic; in all of them when missing.")
        )
    return command


@click.command()
@click.argument("entry", metavar="URL|ID")
@click.option("--regions", metavar="SLUGS", help="What it is about: kz,ir. Nothing: about no place.")
@click.option("--themes", metavar="SLUGS", help="Its themes: diplomacy,energy.")
@click.option("--topic", metavar="SLUG", help="Only in this topic; in all of them when missing.")
@why_option
@context.pass_context
def retag(
    ctx: context.Context, entry: str, *, regions: str | None, themes: str | None, topic: str | None, why: str | None
) -> None:
    """Correct what an entry is about; the correction is shown as one."""
    if regions is None and themes is None:
        raise click.UsageError("give --regions or --themes")
    _decide(ctx, "retag", entry=entry, topic=topic, regions=_slugs(regions), themes=_slugs(themes), why=why)


def _waiting(name: str, help_text: str) -> click.Command:
    """Return hold or release: of an entry, a topic or a source."""

    @click.command(name, help=help_text)
    @click.argument("entry", metavar="[URL|ID]", required=False)
    @click.option("--topic", metavar="SLUG", help="The whole topic; with an entry, the entry in it.")
    @click.option("--source", metavar="ID", help="All of a source; with --topic, in it.")
    @click.option("--doubtful", is_flag=True, help="Only weak matches wait.")
    @why_option
    @context.pass_context
    def command(
        ctx: context.Context,
        entry: str | None,
        *,
        topic: str | None,
        source: str | None,
        doubtful: bool,
        why: str | None,
    ) -> None:
        if entry is None and topic is None and source is None:
            raise click.UsageError("give an entry, --topic or --source")
        _decide(ctx, name, entry=entry, topic=topic, source=source, doubtful=doubtful, why=why)

    return command


def _slugs(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(text.lower().replace(",", " ").split())


def _decide(ctx: context.Context, act: str, *, entry: str | None, **fields: object) -> None:
    """Write the decision under the entry's published id, after finding it."""
    from feeds import curate, desk

    config = ctx.config()
    desk.check_names(config, fields)
    decision = curate.Decision(at=context.now(), act=act, entry=entry, by=getpass.getuser(), **fields)  # type: ignore[arg-type]
    told = entry or fields.get("source") or fields.get("topic")
    if entry is not None:
        with context.state(config) as state:
            # What has left the state still stands in archives: a legal demand must reach it there.
            held = desk.held_as(state, entry) if act == "withdraw" else desk.find(state, entry)
        if held is None:
            told = f"{entry}, which is held no more: it leaves the archives by this name"
        else:
            links = tuple(sorted(curate.links(held))) if act in LASTING else ()
            decision, told = replace(decision, entry=held.entry.id, links=links), held.entry.title or entry
    desk.decide(config, decision)
    click.echo(f"{act}: {told}\nin {config.hand}; the next publishing pass shows it")


COMMANDS = {
    "pin": _entry_command("pin", "Keep an entry at the top of a topic."),
    "unpin": _entry_command("unpin", "Undo pin."),
    "hide": _entry_command("hide", "Take an entry out, with its copies and updates."),
    "unhide": _entry_command("unhide", "Undo hide."),
    "note": _entry_command("note", "Publish a note with an entry; an empty one takes it away.", text=True),
    "retag": retag,
    "hold": _waiting(
        "hold",
        "Make an entry, a topic or a source wait for `feeds release`.\n\n"
        "What is published already stays: `feeds hide` takes it out.",
    ),
    "release": _waiting("release", "Let a held entry, topic or source go."),
    "withdraw": _entry_command(
        "withdraw",
        "Remove an entry from every file it ever was in, archives included, for good.\n\nA neutral notice takes its "
        "place under the same id, so that readers overwrite it; its copies and updates never return.",
        by_topic=False,  # a legal demand is never for one topic only
    ),
}
