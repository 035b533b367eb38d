"""The composition root: from settings to the running program. Everything is put together here and nowhere else."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import logs, metrics, terminal
from bot.agenda.changes import from_data
from bot.agenda.model import Agenda, Change, Occurrence
from bot.agenda.schedules import Schedules
from bot.alerts import findings
from bot.alerts.alert import Alert
from bot.alerts.edits import Edits
from bot.alerts.telling import Telling
from bot.alerts.watch import Watch, Watched
from bot.conversation.conversation import NO_WORDS, Conversation
from bot.conversation.message import Part, Reply
from bot.conversation.outgoing import Outgoing
from bot.conversation.reads import Reads
from bot.forking import can_be_forked, in_passing
from bot.knowledge.check import load
from bot.knowledge.load import version as knowledge_version
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.locales import moments
from bot.matching.fitted import Progress
from bot.matching.matcher import Matcher
from bot.matching.reader import Reader
from bot.model import Privacy
from bot.reading.process import InProcess
from bot.reading.thread import SWITCHING_S, InThread
from bot.redaction.words import OrdinaryWords, ordinary_words
from bot.reminders import by_phone, vanished
from bot.reminders.deliver import Deliverer
from bot.reminders.forecast import Forecast, forecast
from bot.reminders.tick import Ticker
from bot.settings import PREFIX, Settings, SettingsError, refuse_open_file
from bot.store import changes, deliveries, feedback, questions
from bot.store.database import Store, file_of, missing_file
from bot.store.errors import StoreError, address
from bot.store.feedback import Tally
from bot.store.questions import Question
from bot.telegram.errors import TelegramFailure
from bot.telegram.looking import AwayError, look
from bot.telegram.receiving import utc_now
from bot.telegram.redaction import install_redaction
from bot.telegram.service import TelegramService, stop_on_signals
from bot.web.agenda import Public
from bot.web.application import Webhook, application
from bot.web.server import WebServer
from bot.web.watching import Health

log = logging.getLogger(__name__)


class NotReadyError(Exception):
    """Live mode was asked for while something that parents rely on is missing; the message says what."""


def curated_folder(settings: Settings) -> Path:
    """Return the folder with the curated files. Raises ``SettingsError`` when there is none."""
    if not settings.knowledge.is_dir():
        raise SettingsError(
            f"{PREFIX}KNOWLEDGE is wrong ({settings.knowledge} is no folder that can be read); "
            "name the folder with the curated files"
        )
    return settings.knowledge


def curated(settings: Settings) -> Knowledge:
    """Return what the curated files say.

    Raises ``SettingsError`` when there is no such folder, and ``MistakesError`` when what is in it cannot be used.
    """
    return load(curated_folder(settings))


def schedules_folder(settings: Settings) -> Path:
    """Return the folder with the agenda. Raises ``SettingsError`` when there is none."""
    if not settings.schedules.is_dir():
        raise SettingsError(
            f"{PREFIX}SCHEDULES is wrong ({settings.schedules} is no folder that can be read); "
            "name the folder with the agenda"
        )
    return settings.schedules


def schedules(settings: Settings, knowledge: Knowledge) -> Schedules:
    """Return the agenda that the files say, and that follows them when they change.

    Raises ``SettingsError`` when there is no such folder, and ``MistakesError`` when what is in it cannot be used.
    """
    return Schedules(
        schedules_folder(settings),
        knowledge,
        datetime.now(UTC),
        timezone=settings.timezone,
        school_region=settings.school_region,
    )


def neighbourhood(knowledge: Knowledge, name: str) -> str:
    """Return the id of the neighbourhood with this id, name or synonym. Raises ``SettingsError`` when none has it."""
    wanted = name.casefold().strip()
    for found in knowledge.neighbourhoods:
        if wanted in (found.id, found.name.casefold(), *(synonym.casefold() for synonym in found.synonyms)):
            return found.id
    known = ", ".join(found.id for found in knowledge.neighbourhoods)
    raise SettingsError(f"--wijk '{name}' is no neighbourhood that is known; choose one of {known}")


async def changes_by_phone(settings: Settings) -> list[Change]:
    """Return what coordinators changed by phone and no file says yet; nothing when there is no database, none is made.

    Raises ``StoreError`` when the database cannot be read.
    """
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return []
    store = await Store.open_as_it_is(url)
    try:
        async with store.reading() as connection:
            return await by_phone.changed(connection, datetime.now(UTC).date())
    finally:
        await store.close()


async def forecasts(settings: Settings, occurrences: Sequence[Occurrence]) -> dict[str, list[Forecast]]:
    """Return the messages to come about each meeting, by its uid; to nobody when there is no database, none is made.

    Raises ``StoreError`` when the database cannot be read.
    """
    url, now, zone = settings.database_url.get_secret_value(), datetime.now(UTC), ZoneInfo(settings.timezone)
    if missing_file(url):
        return await forecast(None, occurrences, now, zone)
    store = await Store.open_as_it_is(url)
    try:
        async with store.reading() as connection:
            return await forecast(connection, occurrences, now, zone)
    finally:
        await store.close()


async def vanished_meetings(settings: Settings, agenda: Schedules) -> list[Alert]:
    """Return what is told about meetings that parents count on and that no file holds any more.

    Raises ``StoreError`` when the database cannot be read; nothing when there is none, none is made.
    """
    url, now = settings.database_url.get_secret_value(), datetime.now(UTC)
    if missing_file(url):
        return []
    store = await Store.open_as_it_is(url)
    try:
        async with store.reading() as connection:
            told = await by_phone.changed(connection, now.date())
            found = await vanished.vanished(connection, agenda, told, now)
    finally:
        await store.close()
    return vanished.told(found, list(agenda.agenda.series()), now, ZoneInfo(settings.timezone))


async def numbered_changes(settings: Settings) -> list[tuple[int, Change]]:
    """Return every change by phone that no file says yet, with the number by which :func:`note_written` knows it.

    Raises ``StoreError`` when the database cannot be read.
    """
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return []
    store = await Store.open_as_it_is(url)
    try:
        async with store.reading() as connection:
            rows = await changes.unwritten(connection)
    finally:
        await store.close()
    return [(row.id, from_data(row.meetup, row.on, row.kind, row.data, row.made_at)) for row in rows]


async def kept_questions(settings: Settings) -> list[Question]:
    """Return the questions that parents let be kept and whose time is not over; none when there is no database.

    Raises ``StoreError`` when the database cannot be read.
    """
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return []
    store = await Store.open_as_it_is(url)
    try:
        async with store.writing() as connection:
            # The bot does so once a day; nobody reads what it promised to have erased while it was off.
            today = datetime.now(ZoneInfo(settings.timezone)).date()
            await questions.prune(connection, today, settings.keep_questions_days)
            return await questions.every(connection)
    finally:
        await store.close()


async def opinions(settings: Settings) -> list[Tally]:
    """Return how often each text helped and did not; none when there is no database.

    Raises ``StoreError`` when the database cannot be read.
    """
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return []
    store = await Store.open(url)
    try:
        async with store.reading() as connection:
            return await feedback.tallies(connection)
    finally:
        await store.close()


async def remove_questions(settings: Settings, ids: Sequence[int]) -> int:
    """Remove kept questions by their numbers; return how many were there.

    Raises ``StoreError`` when the database cannot be used.
    """
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return 0
    store = await Store.open_as_it_is(url)
    try:
        async with store.writing() as connection:
            return await questions.remove(connection, ids)
    finally:
        await store.close()


RELOADED_AFTER_S = 6.0
"""After this a running bot has read a file that changed; it looks every few seconds, five at most."""


async def note_written(settings: Settings, numbers: Sequence[int], *, wait: bool) -> None:
    """Note that these changes stand in the file.

    With ``wait``, first let a running bot read the file: a change that is neither in the agenda it holds nor laid over
    it would be undone for a moment, and parents would be told. Killed before the end, the changes are still laid over
    a file that says the same, which changes nothing.
    """
    if wait:
        await asyncio.sleep(RELOADED_AFTER_S)
    store = await Store.open_as_it_is(settings.database_url.get_secret_value())
    try:
        async with store.writing() as connection:
            await changes.mark_written(connection, numbers, datetime.now(UTC))
    finally:
        await store.close()


def matcher(settings: Settings, knowledge: Knowledge) -> Matcher:
    """Return the matcher for ``knowledge``; the first time it is built, with a progress bar."""
    with terminal.interruptible(), terminal.progress() as progress:
        return Matcher.build(knowledge, cache_folder=settings.cache, progress=progress)


@dataclass(frozen=True, slots=True)
class Files:
    """What the curated files say, the words that may stay in a question that is kept, and the names of the days.

    ``version`` is that of the files when they were read.
    """

    version: str
    knowledge: Knowledge
    words: OrdinaryWords
    weekdays: Mapping[str, int]


def _read(settings: Settings) -> Files:
    """Read the curated files. Raises as :func:`curated`."""
    knowledge = curated(settings)
    version = knowledge_version(settings.knowledge)
    words = ordinary_words(knowledge) if settings.keep_questions_days else NO_WORDS
    return Files(version, knowledge, words, moments.read_weekdays())


def _reader(settings: Settings, knowledge: Knowledge, progress: Progress) -> Reader:
    """Return what reads messages, made in the process that will read them, and left in peace there."""
    built = Matcher.build(knowledge, cache_folder=settings.cache, progress=progress)
    made = Reader(built, _without_examples(knowledge))
    leave_in_peace()
    return made


def _in_a_thread(settings: Settings, knowledge: Knowledge) -> InThread:
    """Return what reads messages in this process, where no other can be made for it."""
    log.info("Messages are read in a thread: here no process can be made for it.")
    sys.setswitchinterval(SWITCHING_S)
    with terminal.interruptible(), _learning() as progress:
        return InThread(_reader(settings, knowledge, progress))


@contextmanager
def _learning() -> Iterator[Progress]:
    """Yield what is told how far the learning is: a bar in a terminal, and once a line in the log.

    Without it a service says nothing for minutes, and looks as if it hangs.
    """
    is_said = False

    def told(doing: str, part: float) -> None:
        nonlocal is_said
        if not is_said:
            log.info("Learning from the examples, which takes some minutes; who asks meanwhile is answered after it.")
            is_said = True
        progress(doing, part)

    with terminal.progress() as progress:
        yield told


def _conversation(settings: Settings, files: Files, reader: Reads, store: Store, agenda: Schedules) -> Conversation:
    # Known now: the first parent who names a day would wait for the days of ten languages.
    moments.know_weekdays(files.weekdays)
    return Conversation(
        _without_examples(files.knowledge),
        reader,
        store,
        agenda,
        ZoneInfo(settings.timezone),
        is_live=settings.live,
        confirm_above=settings.confirm_above,
        privacy=_privacy(settings),
        ordinary_words=files.words,
    )


def _privacy(settings: Settings) -> Privacy:
    return Privacy(settings.privacy_contact, settings.forget_after_months, settings.keep_questions_days)


def _without_examples(knowledge: Knowledge) -> Knowledge:
    """Return what a conversation needs; the example messages have done their work, and take memory."""
    return knowledge.model_copy(update={"examples": {}, "sign_examples": {}, "concepts": {}})


@asynccontextmanager
async def in_the_terminal(settings: Settings) -> AsyncIterator[Conversation]:
    """Yield a conversation for the terminal; what it remembers is gone when the terminal closes."""
    files = _read(settings)
    agenda = schedules(settings, _without_examples(files.knowledge))
    reader = InThread(Reader(matcher(settings, files.knowledge), _without_examples(files.knowledge)))
    with tempfile.TemporaryDirectory(prefix="minidorp-") as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'talk.sqlite3'}")
        try:
            yield _conversation(settings, files, reader, store, agenda)
        finally:
            await store.close()


def run(settings: Settings) -> None:
    """Serve Telegram until SIGTERM or SIGINT, with health and a webhook on the web port when there is one.

    Raises what keeps it from starting, or from going on, each with one sentence: ``SettingsError``, ``MistakesError``,
    ``StoreError``, ``TelegramFailure``, ``WebError``, ``NotReadyError`` and ``ProcessEndedError``.
    """
    refuse_open_file()
    token = settings.needed_token()
    logs.set_up(settings.log_level)
    shared = [secret.get_secret_value() for secret in (settings.webhook_secret, settings.metrics_token) if secret]
    install_redaction(token, *shared)
    try:
        password = address(settings.database_url.get_secret_value()).password
    except StoreError as error:
        raise SettingsError(str(error)) from error
    if password:
        install_redaction(password)
    forks = can_be_forked()
    # What reading files leaves behind in memory, 50 MB in pieces, goes with the process that read them.
    files = in_passing(partial(_read, settings)) if forks else _read(settings)
    agenda = schedules(settings, _without_examples(files.knowledge))
    if settings.live:
        missing = in_the_way_of_live(files.knowledge, agenda.agenda, settings.privacy_contact)
        if missing:
            raise NotReadyError(f"live mode needs {'; '.join(missing)}; unset MINIDORP_LIVE until then")
    # Both processes share what is there now, until one of them writes to it, as the collector would.
    leave_in_peace()
    process = InProcess.fork(partial(_reader, settings, files.knowledge)) if forks else None
    if forks:
        # The other process learns from the examples.
        files = replace(files, knowledge=_without_examples(files.knowledge))
    asyncio.run(_serve(settings, files, agenda, process))


async def _serve(settings: Settings, files: Files, agenda: Schedules, process: InProcess | None) -> None:
    with closing(process) if process else nullcontext():
        store = await Store.open(settings.database_url.get_secret_value())
        store.tells = True
        try:
            await _serve_from(store, settings, files, agenda, process)
        finally:
            await store.close()


async def _serve_from(
    store: Store, settings: Settings, files: Files, agenda: Schedules, process: InProcess | None
) -> None:
    reader = process or _in_a_thread(settings, files.knowledge)
    conversation = _conversation(settings, files, reader, store, agenda)
    if process:
        with _learning() as progress:
            await process.ready(progress)
        metrics.watch_reader(process.pid)
    # Until here nothing is begun: a signal to stop ends the program at once, also in the midst of fitting.
    stop = stop_on_signals()
    versions = {"knowledge": files.version, "matcher": reader.version}
    knowledge = conversation.knowledge
    leave_in_peace()
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
    service = TelegramService(
        store=store,
        conversation=conversation,
        token=settings.needed_token(),
        api_url=settings.api_url,
        webhook_url=settings.webhook_url,
        webhook_secret=secret,
    )
    deliverer, ticker, watch = _reminders(settings, conversation, service, files.version)
    public = Public(
        schedules=agenda,
        store=store,
        neighbourhoods=knowledge.neighbourhoods,
        town=knowledge.town,
        is_live=settings.live,
        address=settings.public_address(),
        bot=service.link,
        clock=utc_now,
        privacy=conversation.privacy,
    )
    web = _web(settings, service, ticker, secret, public, versions)
    if web:
        port = await web.start()
        log.info("Health is told on http://%s:%d/healthz, and the agenda on /agenda.", settings.web_host, port)
    try:
        await service.run(stop, (ticker.run, deliverer.run, watch.run), process.lost if process else None)
    finally:
        if web:
            await web.stop()


def leave_in_peace() -> None:
    """Let Python no longer look whether what is there now is still in use: it stays until the end.

    Two hundred thousand objects took the collector 124 ms at a time, in which somebody waited for a reply.
    """
    gc.collect()
    gc.freeze()


def _reminders(
    settings: Settings, conversation: Conversation, service: TelegramService, version: str
) -> tuple[Deliverer[Reply], Ticker, Watch]:
    """Return what sends of its own accord, what plans it, and what watches over both, and over the curated files, of
    which ``version`` was read.
    """
    store, knowledge, agenda = conversation.store, conversation.knowledge, conversation.schedules
    zone = conversation.timezone
    outgoing = Outgoing(conversation)
    sender = service.sender
    deliverer = Deliverer(
        store,
        outgoing.compose,
        sender.deliver,
        zone=zone,
        clock=utc_now,
        is_there=sender.is_there,
        hold_back=service.hold_back,
    )

    async def tell_team(text: str) -> bool:
        """Tell the team; return False when it must be tried again. Without a chat it stands in the log alone."""
        chat_id = agenda.agenda.team.team_chat
        if chat_id is None:
            return True
        outcome = await service.sender.deliver(chat_id, Reply((Part("text", text),)))
        if outcome.new_chat_id is not None:
            log.warning("The chat of the team has a new number; correct team_chat in team.yaml.")
            outcome = await service.sender.deliver(outcome.new_chat_id, Reply((Part("text", text),)))
        elif outcome.kind not in ("sent", "lost", "later"):
            log.warning("The chat of the team could not be told (%s); correct team_chat in team.yaml.", outcome.kind)
        return outcome.kind != "later"

    def is_signed(answer_id: str, now: datetime) -> bool:
        answer = knowledge.answer(answer_id)
        return answer is not None and knowledge.is_signed(answer, MAIN_LANGUAGE, now.astimezone(zone).date())

    telling = Telling(store, tell_team, zone)
    ticker = Ticker(
        store,
        agenda,
        deliverer,
        telling,
        is_signed,
        zone=zone,
        clock=utc_now,
        is_live=settings.live,
        forget_after_months=settings.forget_after_months,
        keep_questions_days=settings.keep_questions_days,
        clock_agrees=service.clock_agrees,
    )
    watched = Watched(
        store,
        ticker,
        knowledge,
        settings.live,
        file_of(settings.database_url.get_secret_value()),
        Edits(settings.knowledge, version),
        settings.backup_within_days,
        ask_telegram=_asking(settings) if settings.webhook_url else None,
    )
    return deliverer, ticker, Watch(watched, telling, zone=zone, clock=utc_now)


def _asking(settings: Settings) -> Callable[[datetime], Awaitable[list[Alert] | None]]:
    """Return the question how Telegram's deliveries go; None is said when it does not answer."""

    async def ask(now: datetime) -> list[Alert] | None:
        try:
            seen = await look(settings.needed_token(), settings.api_url)
        except TelegramFailure:
            return [findings.token_refused()]
        except AwayError:
            return None
        if seen.webhook_url != settings.webhook_url:
            return [findings.other_webhook()]
        return findings.webhook(seen.last_error, seen.last_error_at, now)

    return ask


def _web(
    settings: Settings,
    service: TelegramService,
    ticker: Ticker,
    secret: str | None,
    public: Public,
    versions: dict[str, str],
) -> WebServer | None:
    if settings.web_port is None and not settings.webhook_url:
        return None

    async def health() -> Health:
        waiting = await _waiting(public.store)
        heard_age_s = service.heard_age_s()
        return Health(
            database=waiting is not None and not public.store.trouble,
            receiving=service.is_receiving(),
            tick_age_s=round(ticker.age_s(), 1),
            telegram_age_s=None if heard_age_s is None else round(heard_age_s, 1),
            waiting=waiting,
            versions=versions,
            problem=public.store.trouble or service.trouble(),
        )

    webhook = Webhook(settings.webhook_url, secret, service.accept) if settings.webhook_url and secret else None
    port = DEFAULT_WEB_PORT if settings.web_port is None else settings.web_port
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    return WebServer(application(health, webhook, public, token), settings.web_host, port)


async def _waiting(store: Store) -> int | None:
    """Return how many messages wait to go out; None when the database does not answer."""
    try:
        async with store.reading() as connection:
            return await deliveries.waiting(connection, datetime.now(UTC))
    except StoreError:
        return None


DEFAULT_WEB_PORT = 8080
"""Where a webhook listens when no port is set."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that live mode needs: what is ``met``, or what is ``missing`` as a short phrase, with its remedy."""

    is_met: bool
    met: str
    missing: str
    remedy: str


def needed_for_live(knowledge: Knowledge, agenda: Agenda, privacy_contact: str | None) -> list[Requirement]:
    """Return what must be there before parents may rely on the bot, met or not."""
    today = datetime.now(UTC).date()
    lines = knowledge.helplines.values()
    empty = [helpline.id for helpline in lines if helpline.local and not helpline.number]
    unchecked = [line.id for line in lines if line.number and not line.checked_on]
    unsigned_signs = [sign.id for sign in knowledge.signs if not knowledge.is_signed(sign, "nl", today)]
    signed = [answer for answer in knowledge.answers() if knowledge.is_signed(answer, "nl", today)]
    places = [place.id for place in agenda.places.values() if not place.confirmed_on]
    series = list(agenda.series())
    unconfirmed = [each.id for each in series if not each.confirmed_on]
    return [
        Requirement(
            not empty,
            f"the local numbers in helplines.yaml are filled in ({len(lines)} helplines in all)",
            f"local numbers in helplines.yaml ({', '.join(empty)})",
            "find each of them, and write it as number",
        ),
        Requirement(
            not unchecked,
            "every number in helplines.yaml has the day on which somebody called it",
            f"a checked_on date for numbers in helplines.yaml ({', '.join(unchecked)})",
            "call each of them, and write the day as checked_on",
        ),
        Requirement(
            not unsigned_signs,
            f"all {len(knowledge.signs)} warning signs are signed off in Dutch",
            f"sign-off of {len(unsigned_signs)} of {len(knowledge.signs)} warning signs",
            "let a professional read them: 'minidorp packet --theme warning-signs' makes the pages",
        ),
        Requirement(
            bool(signed),
            f"answers that live mode shows: {len(signed)}",
            "at least one signed answer",
            "let a professional read some: 'minidorp packet' makes the pages",
        ),
        Requirement(
            bool(privacy_contact),
            f"people can write about what is kept of them to {privacy_contact}",
            f"{PREFIX}PRIVACY_CONTACT, where people can write about what is kept of them",
            "set it to an e-mail, web or postal address",
        ),
        Requirement(
            not places,
            f"every place is confirmed ({len(agenda.places)})",
            f"a confirmed_on date for places ({', '.join(places)})",
            "ask the host, and write the day as confirmed_on in places.yaml",
        ),
        Requirement(
            not unconfirmed,
            f"every series of meetings is confirmed ({len(series)})",
            f"a confirmed_on date for meetings ({', '.join(unconfirmed)})",
            "ask the host, and write the day as confirmed_on in meetups.yaml",
        ),
    ]


def in_the_way_of_live(knowledge: Knowledge, agenda: Agenda, privacy_contact: str | None) -> list[str]:
    """Return what is missing before parents may rely on the bot, each as a short phrase."""
    needed = needed_for_live(knowledge, agenda, privacy_contact)
    return [requirement.missing for requirement in needed if not requirement.is_met]
