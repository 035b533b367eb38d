"""What is found when it is looked whether something needs a person. Pure: moment, day and figures are given.

``minidorp doctor`` shows the same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.alerts.alert import Alert, Phrase, heads
from bot.knowledge.mistakes import N_, Mistake
from bot.knowledge.model import MAIN_LANGUAGE, Answer, Knowledge, WarningSign
from bot.knowledge.reviews import SOON
from bot.locales import curator_words
from bot.store.asked import may_be_shown

SILENT_AFTER = timedelta(minutes=5)
"""It is planned twice a minute; after so long without, reminders come late."""
NUMBER_HOLDS = timedelta(days=365)
"""How long a telephone number counts as checked."""
LITTLE_MIB, NOTHING_MIB = 500, 50
"""Below the first, a copy or an update may not fit; below the second, what parents write may not."""
FAILED_LATELY = timedelta(minutes=15)
"""How long ago Telegram failed to deliver, at most, for it to be failing now."""
NUMBER_OF_CHAT = re.compile(r"-?\d{6,}")
"""What stands in team.yaml and in nobody's chat; dates and house numbers are shorter."""
MOST_MISTAKES = 5
"""Mistakes of an edit that are told in one message; the first ones are those to mend."""


def silent(minutes: int) -> Alert:
    """Return that nobody has looked for so many minutes which reminders are due."""
    return Alert(
        "scheduler",
        N_("Reminders stand still: for {minutes} minutes nobody has looked what is due."),
        N_("Look at the log of the bot and start it again; 'minidorp doctor' tells more."),
        N_("Reminders are looked after again."),
        {"minutes": minutes},
    )


def clock_wrong() -> Alert:
    """Return that the clock is not that of Telegram, so that nothing may be erased by it."""
    return Alert(
        "clock",
        N_(
            "The clock of the bot is more than a day off, so messages go out at the wrong time. Nobody is erased by it."
        ),
        N_("Let the machine set its clock: timedatectl set-ntp true."),
        N_("The clock of the bot is right again."),
    )


def store_away() -> Alert:
    """Return that the database does not answer."""
    return Alert(
        "store",
        N_("The database does not answer, so messages of parents and reminders wait."),
        N_("Look at its machine and disk; 'minidorp doctor' says what is wrong."),
        N_("The database answers again."),
    )


def answers_gone() -> Alert:
    """Return that the folder with the answers holds none."""
    return Alert(
        "answers",
        N_("The folder with the answers is gone. Parents still get all answers, until the bot is started again."),
        N_("Put the folder back."),
        N_("The folder with the answers is there again."),
    )


def disk(free_mib: int) -> list[Alert]:
    """Return that the disk with the database is nearly full, when it is."""
    if free_mib >= LITTLE_MIB:
        return []
    is_bad = free_mib < NOTHING_MIB
    return [
        Alert(
            "disk",
            N_("The disk of the bot is nearly full: {free} MiB are left."),
            N_("Make room, such as by throwing old copies and logs away; on a full disk the bot can keep nothing."),
            N_("The disk of the bot has room again."),
            {"free": free_mib},
            mark="nothing" if is_bad else "little",
            can_wait=not is_bad,
        )
    ]


def sign_offs(knowledge: Knowledge, today: date) -> Iterator[Alert]:
    """Yield one alert about sign-offs that ended, and one about those that end within two weeks.

    Only a sign-off that was of the very words of today counts; of a text with a newer one, only the newest does.
    """
    ends: dict[str, date] = {}
    texts: tuple[WarningSign | Answer, ...] = (*knowledge.signs, *knowledge.answers())
    for text in texts:
        words = text.text_hash(MAIN_LANGUAGE)
        for review in knowledge.reviews:
            if (review.id, review.language, review.text_hash) == (text.id, MAIN_LANGUAGE, words):
                ends[text.id] = max(review.until, ends.get(text.id, review.until))
    over = tuple(identifier for identifier, until in ends.items() if until < today)
    soon = {identifier: until for identifier, until in ends.items() if today <= until <= today + SOON}
    if over:
        yield Alert(
            "sign-offs:over",
            N_("Sign-offs that have ended: {texts}. Parents do not see these answers, and without its warning signs "
               "the bot does not start again."),
            N_("Let a professional read them anew: 'minidorp packet' makes the pages, 'minidorp review' signs."),
            N_("No sign-off has ended any more."),
            {"texts": over},
            mark=" ".join(over),
            can_wait=True,
        )  # fmt: skip
    if soon:
        yield Alert(
            "sign-offs:soon",
            N_("Sign-offs that end within two weeks, the first on {first}: {texts}."),
            N_("Let a professional read them anew: 'minidorp packet' makes the pages, 'minidorp review' signs."),
            N_("No sign-off ends within two weeks any more."),
            {"texts": tuple(soon), "first": min(soon.values())},
            mark=" ".join(soon),
            can_wait=True,
        )


def numbers(knowledge: Knowledge, today: date) -> list[Alert]:
    """Return which helplines nobody has called for a year. One without a date is a matter of going live."""
    old = [
        line
        for line in knowledge.helplines.values()
        if line.number and line.checked_on and line.checked_on < today - NUMBER_HOLDS
    ]
    if not old:
        return []
    return [
        Alert(
            "helplines",
            N_("Telephone numbers that nobody has checked for a year: {names}."),
            N_("Call them, and write the day behind checked_on in helplines.yaml."),
            N_("All telephone numbers were checked within the year."),
            {"names": tuple(line.name for line in old)},
            mark=" ".join(line.id for line in old),
            can_wait=True,
        )
    ]


def webhook(last_error: str | None, last_error_at: datetime | None, now: datetime) -> list[Alert]:
    """Return that Telegram cannot deliver messages, when it could not lately. Its own words say why."""
    if not last_error or last_error_at is None or now - last_error_at > FAILED_LATELY:
        return []
    return [
        Alert(
            "webhook",
            N_("Telegram cannot deliver what parents write to the bot ({reason})."),
            N_(
                "Look at the proxy, its certificate, and whether the bot runs; the messages wait at Telegram for a day."
            ),
            N_("Telegram delivers what parents write again."),
            {"reason": last_error},
            mark="failing",
        )
    ]


def other_webhook() -> Alert:
    """Return that Telegram delivers somewhere else than to this bot."""
    return Alert(
        "webhook",
        N_("Telegram delivers what parents write to another address than that of this bot."),
        N_("See whether another program uses the same token, stop it, and start the bot again."),
        N_("Telegram delivers what parents write again."),
        mark="elsewhere",
    )


def token_refused() -> Alert:
    """Return that Telegram no longer knows the bot. It can only be read in the log, as nothing can be sent."""
    return Alert(
        "token",
        N_("Telegram refuses the token of the bot, so nothing comes in and nothing goes out."),
        N_("Copy it again from @BotFather into MINIDORP_TOKEN, and start the bot again."),
        N_("Telegram knows the bot again."),
    )


def copies(last: datetime | None, now: datetime, within_days: int | None) -> list[Alert]:
    """Return that the last copy of the database is older than agreed; nothing where nothing was agreed."""
    if within_days is None or (last is not None and now - last <= timedelta(days=within_days)):
        return []
    return [
        Alert(
            "copies",
            N_("There is no copy of the database of the last {days} days."),
            N_("See why 'minidorp backup' does not run, and make a copy now."),
            N_("There is a fresh copy of the database."),
            {"days": within_days},
            can_wait=True,
        )
    ]


def failures(count: int, blocked: int, day: date) -> list[Alert]:
    """Return how many messages could not be delivered in the day before ``day``, and how many of them to people who
    left. Neither figure is about one to four people, nor is what is left between them.
    """
    if not count:
        return []
    return [
        Alert(
            "deliveries",
            N_("Messages that could not be delivered since yesterday: {count}, of which {blocked} to people who left."),
            N_("When it is not only people who left, look at the log of the bot."),
            N_("Since yesterday every message was delivered."),
            {"count": heads(count), "blocked": _share(blocked, count)},
            mark=day.isoformat(),
        )
    ]


def _share(part: int, whole: int) -> int | Phrase:
    """Return how many of a whole it is, to be told: the figure only when neither it nor the rest is of few people."""
    if part in (0, whole):
        return Phrase(N_("all") if part else N_("none"))
    return part if may_be_shown(part) and may_be_shown(whole - part) else Phrase(N_("some"))


def bad_files(mistakes: Sequence[Mistake], language: str) -> list[Alert]:
    """Return that an edit of the agenda was not taken over, and why, in ``language``; numbers of chats are left out."""
    lines = [NUMBER_OF_CHAT.sub("…", line) for line in _errors(mistakes, language)]
    if not lines:
        return []
    return [
        Alert(
            "files",
            N_("The agenda was changed, but something is wrong in it. Parents still see the version before.\n{lines}"),
            N_("Mend the file; 'minidorp check' tells when it is right."),
            N_("The agenda was read again, and nothing is wrong in it any more."),
            {"lines": _shown(lines, language)},
            mark="\n".join(lines),
        )
    ]


def bad_answers(mistakes: Sequence[Mistake], language: str) -> list[Alert]:
    """Return that the next start would refuse the files with the answers, and why, in ``language``."""
    lines = _errors(mistakes, language)
    if not lines:
        return []
    return [
        Alert(
            "answers:mistakes",
            N_("The files with the answers were changed, but something is wrong in them. Parents still get the version "
               "before, but the bot could not start again.\n{lines}"),
            N_("Mend the file; 'minidorp check' tells when it is right."),
            N_("Nothing is wrong in the files with the answers any more."),
            {"lines": _shown(lines, language)},
            mark="\n".join(lines),
        )
    ]  # fmt: skip


def _errors(mistakes: Sequence[Mistake], language: str) -> list[str]:
    return [mistake.told(language) for mistake in mistakes if mistake.level == "error"]


def _shown(lines: Sequence[str], language: str) -> str:
    """Return the first lines, one below the other, and how many there are more."""
    more = curator_words(language)(N_("and {count} more")).format(count=len(lines) - MOST_MISTAKES)
    shown = [f"• {line}" for line in lines[:MOST_MISTAKES]]
    return "\n".join([*shown, more] if len(lines) > MOST_MISTAKES else shown)
