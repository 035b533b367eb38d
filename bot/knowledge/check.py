"""Every rule that holds between curated files, and the rules of plain language: all mistakes at once.

Errors keep the files from being used; warnings are for the person who writes. Which is which stands with each rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bot.knowledge import figures, plain
from bot.knowledge.load import Files, read_files
from bot.knowledge.mistakes import N_, Mistake, MistakesError
from bot.knowledge.model import MAIN_LANGUAGE, Answer, Knowledge, Reviews, ThresholdsFile, WarningSigns
from bot.knowledge.plain import Finding
from bot.knowledge.reviews import is_role
from bot.knowledge.tree import Location, Tree, read_bytes

BLOCK_LIMIT = 700
"""Characters of one block; with three of them an answer still fits a phone's screen when the long part is folded."""

REPLY_LIMIT = 600
"""Characters of the reply to a warning sign: somebody reads it with a child in their arms."""

ROUTES = ("@meetups", "@reminders", "@human", "@smalltalk", "@privacy", "@none")
"""What a message can be beside a question; only these ids begin with ``@``."""

EXAMPLE_LIMIT = 1000
"""Characters of one example message: more than a parent types."""

LEAST_STEM = 2
"""Letters before or after the star of a word in the list of concepts: fewer fit any word."""

SCHEMA_COMMENT = "# yaml-language-server: $schema="


def check(folder: Path) -> tuple[Files, list[Mistake]]:
    """Read ``folder`` and return what was read with every mistake in it, in the order of files and lines."""
    files = read_files(folder)
    mistakes = list(files.mistakes)
    rules = (
        *(
            _ids,
            _references,
            _texts,
            _numbers,
            _translated_figures,
            _examples,
            _concepts,
            _sign_texts,
            _reviews,
            _thresholds,
        ),
        _schema_comments,
    )
    for rule in rules:
        mistakes += rule(files)
    return files, sorted(mistakes, key=lambda mistake: (str(mistake.path), mistake.line))


def load(folder: Path) -> Knowledge:
    """Return the knowledge in ``folder``. Raises ``MistakesError`` with every mistake when one of them is an error."""
    files, mistakes = check(folder)
    if any(mistake.level == "error" for mistake in mistakes):
        raise MistakesError(mistakes)
    return files.knowledge()


def _ids(files: Files) -> Iterator[Mistake]:
    """Yield ids that stand twice, and answers in the file of another theme."""
    seen: dict[str, tuple[Tree, Location]] = {}
    places = [(answer.id, tree, (*at, "id")) for answer, tree, at in files.answers()]
    for name, key in (
        ("sources", "sources"),
        ("helplines", "helplines"),
        ("warning-signs", "signs"),
        ("neighbourhoods", "neighbourhoods"),
    ):
        if name in files.single:
            value, tree = files.single[name]
            places += [
                (f"{key}:{item.id}", tree, (key, position, "id")) for position, item in enumerate(getattr(value, key))
            ]
    for identifier, tree, at in places:
        if identifier in seen:
            other, first = seen[identifier]
            yield Mistake(
                tree.path,
                tree.line(at),
                N_("id: '{id}' also stands in {file}, line {first}; every id stands once"),
                {"id": identifier.rpartition(":")[2], "file": other.path.name, "first": other.line(first)},
            )
        seen.setdefault(identifier, (tree, at))
    for theme, tree in files.themes:
        for position, answer in enumerate(theme.answers):
            if not answer.id.startswith(f"{theme.theme}-"):
                yield Mistake(
                    tree.path,
                    tree.line(("answers", position, "id")),
                    N_("id: '{id}' does not begin with the theme '{theme}-'; move it to its own theme's file"),
                    {"id": answer.id, "theme": theme.theme},
                )


def _references(files: Files) -> Iterator[Mistake]:
    """Yield ids that point at nothing. An answer still being written is known by its example messages."""
    answers = {answer.id for answer, _, _ in files.answers()}
    answers |= {key for examples, _ in files.examples for key in examples if not key.startswith("@")}
    sources = _single_ids(files, "sources", "sources")
    helplines = _single_ids(files, "helplines", "helplines")
    for answer, tree, at in files.answers():
        for kind, known, named in (
            ("related", answers, answer.related),
            ("contacts", helplines, answer.contacts),
            ("sources", sources, tuple(reference.id for reference in answer.sources)),
        ):
            yield from _unknown(tree, (*at, kind), kind, known, named)
        if answer.id in answer.related:
            yield Mistake(tree.path, tree.line((*at, "related")), N_("related: names the answer itself; remove it"))
    if "warning-signs" in files.single:
        value, tree = files.single["warning-signs"]
        for position, sign in enumerate(value.signs):
            for number, group in enumerate(sign.groups):
                named = tuple(re.findall(r"\$([a-z0-9-]+)", " ".join((*group.all, group.without or ""))))
                for name in named:
                    if name not in value.sets:
                        yield from _unknown(
                            tree, ("signs", position, "groups", number), "sets", {*value.sets, ""}, (name,)
                        )
            yield from _unknown(tree, ("signs", position, "contacts"), "contacts", helplines, sign.contacts)
            yield from _unknown(tree, ("signs", position, "sources"), "sources", sources, sign.sources)


def _single_ids(files: Files, name: str, key: str) -> set[str]:
    return {item.id for item in getattr(files.single[name][0], key)} if name in files.single else set()


def _unknown(tree: Tree, at: Location, field: str, known: set[str], named: tuple[str, ...]) -> Iterator[Mistake]:
    for position, identifier in enumerate(named):
        if known and identifier not in known:
            yield Mistake(
                tree.path,
                tree.line((*at, position)),
                N_("{field}: '{id}' is known nowhere; correct it or add it where it belongs"),
                {"field": field, "id": identifier},
            )


def _texts(files: Files) -> Iterator[Mistake]:
    """Yield blocks that are too long, unsafe, or not in plain language."""
    for answer, tree, at in files.answers():
        for language, text in answer.text.items():
            for name, block in text.blocks():
                place = (*at, "text", language, name)
                yield from _too_long(tree, place, f"{answer.id}: {language}.{name}", block, BLOCK_LIMIT)
                yield from _plain(tree, place, f"{answer.id}: {language}.{name}", language, block, answer.title)
        for position, passage in enumerate(answer.by_age):
            for language, words in passage.text.items():
                place = (*at, "by_age", position, "text", language)
                yield from _too_long(tree, place, f"{answer.id}: by_age.{language}", words, BLOCK_LIMIT)
                yield from _plain(tree, place, f"{answer.id}: by_age.{language}", language, words, answer.title)
        for language, title in answer.title.items():
            # A title may say "moet" or "zoon": it is what parents ask, in their words.
            for finding in (*plain.unsafe(title), *plain.doses(title)):
                yield _found(tree, (*at, "title", language), f"{answer.id}: title.{language}", title, finding)


def _sign_texts(files: Files) -> Iterator[Mistake]:
    if "warning-signs" not in files.single:
        return
    signs: WarningSigns
    signs, tree = files.single["warning-signs"]
    for position, sign in enumerate(signs.signs):
        for language, reply in sign.reply.items():
            place = ("signs", position, "reply", language)
            yield from _too_long(tree, place, f"{sign.id}: reply.{language}", reply, REPLY_LIMIT)
            # In danger "moet" is right, so only what is unsafe or unreadable is looked for.
            for finding in (*plain.unsafe(reply), *plain.doses(reply)):
                yield _found(tree, place, f"{sign.id}: reply.{language}", reply, finding)


def _too_long(tree: Tree, at: Location, where: str, text: str, limit: int) -> Iterator[Mistake]:
    if len(text) > limit:
        yield Mistake(
            tree.path,
            tree.line(at),
            N_("{where}: {length} characters do not fit one screen; keep it under {limit}"),
            {"where": where, "length": len(text), "limit": limit},
        )


def _plain(
    tree: Tree, at: Location, where: str, language: str, text: str, title: Mapping[str, str]
) -> Iterator[Mistake]:
    for finding in (*plain.unsafe(text), *plain.doses(text), *plain.findings(text, language, title.get(language, ""))):
        yield _found(tree, at, where, text, finding)


def _found(tree: Tree, at: Location, where: str, text: str, finding: Finding) -> Mistake:
    line = tree.line_within(at, text, finding.at)
    return Mistake(tree.path, line, finding.sentence, {"where": where, **finding.values}, finding.level)


def _numbers(files: Files) -> Iterator[Mistake]:
    """Yield telephone numbers that no helpline has, and figures that neither a source nor the reviewer knows of."""
    if "helplines" not in files.single:
        return
    helplines = files.single["helplines"][0].helplines
    known = {_digits(number) for helpline in helplines for number in helpline.numbers()}
    texts: list[tuple[str, Tree, Location, str]] = [
        (f"{answer.id}: {language}.{name}", tree, (*at, "text", language, name), block)
        for answer, tree, at in files.answers()
        for language, text in answer.text.items()
        for name, block in text.blocks()
    ]
    texts += [
        (f"{answer.id}: by_age.{language}", tree, (*at, "by_age", position, "text", language), words)
        for answer, tree, at in files.answers()
        for position, passage in enumerate(answer.by_age)
        for language, words in passage.text.items()
    ]
    if "warning-signs" in files.single:
        signs, tree = files.single["warning-signs"]
        texts += [
            (f"{sign.id}: reply.{language}", tree, ("signs", position, "reply", language), reply)
            for position, sign in enumerate(signs.signs)
            for language, reply in sign.reply.items()
        ]
    yield from _sites(files, texts)
    for where, tree, at, text in texts:
        for number in plain.telephone_numbers(text):
            if _digits(number) not in known:
                yield Mistake(
                    tree.path,
                    tree.line(at),
                    N_("{where}: the number '{number}' is not in helplines.yaml; add it there with its source"),
                    {"where": where, "number": number},
                )
    for answer, tree, at in files.answers():
        for found in figures.of_answer(answer, MAIN_LANGUAGE, {}):
            if not found.is_telephone and not found.carried_by:
                yield Mistake(
                    tree.path,
                    tree.line((*at, *_place(answer, found.block))),
                    N_(
                        "{where}: the figure '{figure}' has no source; put it in a source's numbers "
                        "or in the review_note"
                    ),
                    {"where": f"{answer.id}: {found.block}", "figure": found.figure},
                    "warning",
                )


def _translated_figures(files: Files) -> Iterator[Mistake]:
    """Yield figures that a translation has and the Dutch beside it has not: whoever checks sources reads the Dutch."""
    texts: list[tuple[str, Tree, Location, str, str, str | None]] = [
        (f"{answer.id}: {language}.{name}", tree, (*at, "text", language, name), main, block, answer.review_note)
        for answer, tree, at in files.answers()
        for language, text in answer.text.items()
        for (name, block), (_, main) in zip(text.blocks(), answer.text[MAIN_LANGUAGE].blocks(), strict=True)
    ]
    texts += [
        (f"{answer.id}: by_age.{language}", tree, place, passage.text[MAIN_LANGUAGE], words, answer.review_note)
        for answer, tree, at in files.answers()
        for position, passage in enumerate(answer.by_age)
        for language, words in passage.text.items()
        for place in ((*at, "by_age", position, "text", language),)
    ]
    if "warning-signs" in files.single:
        signs, tree = files.single["warning-signs"]
        texts += [
            (f"{sign.id}: reply.{language}", tree, place, sign.reply[MAIN_LANGUAGE], reply, sign.review_note)
            for position, sign in enumerate(signs.signs)
            for language, reply in sign.reply.items()
            for place in (("signs", position, "reply", language),)
        ]
    for where, tree, at, main, text, note in texts:
        for figure in figures.not_in(main, text, note or ""):
            yield Mistake(
                tree.path,
                tree.line(at),
                N_(
                    "{where}: the figure '{figure}' is not in the Dutch text; make them the same, or explain it in the "
                    "review_note"
                ),
                {"where": where, "figure": figure},
                "warning",
            )


def _sites(files: Files, texts: list[tuple[str, Tree, Location, str]]) -> Iterator[Mistake]:
    """Yield sites that are no helpline's: a parent trusts what stands here, and it leads where somebody looked."""
    helplines, helpline_tree = files.single["helplines"]
    hosts = {urlsplit(each.url).hostname or "" for each in helplines.helplines if each.url}
    known = hosts | {host.removeprefix("www.") for host in hosts}
    titles = [
        (f"{answer.id}: title.{language}", tree, (*at, "title", language), title)
        for answer, tree, at in files.answers()
        for language, title in answer.title.items()
    ]
    told = [
        (f"{helpline.id}: {name}.{language}", helpline_tree, ("helplines", position, name, language), words)
        for position, helpline in enumerate(helplines.helplines)
        for name in ("name", "when")
        for language, words in (getattr(helpline, name) or {}).items()
    ]
    for where, tree, at, text in (*texts, *titles, *told):
        for site in plain.sites(text):
            if site not in known:
                sentence = N_("{where}: '{site}' is no helpline's url; add it to helplines.yaml, or leave it out")
                yield Mistake(tree.path, tree.line(at), sentence, {"where": where, "site": site})


def _place(answer: Answer, block: str) -> Location:
    """Return where in an answer's tree a block of the Dutch text stands."""
    for position, passage in enumerate(answer.by_age):
        if block == f"by_age {passage.ages[0]}-{passage.ages[1]}":
            return ("by_age", position, "text", MAIN_LANGUAGE)
    return ("text", MAIN_LANGUAGE, block)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _examples(files: Files) -> Iterator[Mistake]:
    """Yield examples under two ids, ids that are nobody's, and messages that nobody would type."""
    written = {answer.id: tree for answer, tree, _ in files.answers()}
    themes = {theme.theme for theme, _ in files.themes}
    seen: dict[str, tuple[str, Tree, Location]] = {}
    trained = {key for examples, _ in files.examples for key in examples}
    for examples, tree in files.examples:
        for key, languages in examples.items():
            if key not in written and key not in ROUTES and (key.startswith("@") or key.partition("-")[0] in themes):
                yield Mistake(
                    tree.path,
                    tree.line((key,)),
                    N_("'{id}' is neither an answer nor a route; correct it, or write the answer"),
                    {"id": key},
                    "error" if key.startswith("@") else "warning",
                )
            for language, texts in languages.items():
                for position, text in enumerate(texts):
                    at = (key, language, position)
                    normal = " ".join(text.lower().split())
                    if normal in seen:
                        other, where, first = seen[normal]
                        values = {"text": text, "other": other, "file": where.path.name, "first": where.line(first)}
                        yield Mistake(
                            tree.path,
                            tree.line(at),
                            N_("'{text}' also stands under {other} ({file}, line {first}); keep it in one place"),
                            values,
                        )
                    seen.setdefault(normal, (key, tree, at))
                    if len(text) > EXAMPLE_LIMIT:
                        yield Mistake(
                            tree.path,
                            tree.line(at),
                            N_("an example of {length} characters is longer than parents type; keep it under {limit}"),
                            {"length": len(text), "limit": EXAMPLE_LIMIT},
                        )
    for answer, tree, answer_at in files.answers():
        if files.examples and answer.id not in trained:
            yield Mistake(
                tree.path,
                tree.line((*answer_at, "id")),
                N_("'{id}' has no example messages, so no question will find it; add some in examples/"),
                {"id": answer.id},
            )
    if files.sign_examples and "warning-signs" in files.single:
        value, tree = files.sign_examples
        signs = _single_ids(files, "warning-signs", "signs")
        for key in value:
            if key not in signs:
                yield Mistake(tree.path, tree.line((key,)), N_("'{id}' is no warning sign; correct it"), {"id": key})


def _concepts(files: Files) -> Iterator[Mistake]:
    """Yield words of concepts that would never be found, find nearly everything, or stand twice in their list."""
    if "concepts" not in files.single:
        return
    value, tree = files.single["concepts"]
    for concept, languages in value.concepts.items():
        for language, listed in languages.items():
            words = [" ".join(word.lower().split()) for word in listed.split(",")]
            for position, word in enumerate(words):
                problem = _concept_word(word)
                if word and not problem and word in words[:position]:
                    problem = N_("{where}: '{word}' stands twice; keep one")
                if problem:
                    values = {"where": f"{concept}.{language}", "word": word}
                    yield Mistake(tree.path, tree.line(("concepts", concept, language)), problem, values)


def _concept_word(word: str) -> str | None:
    """Return what is wrong with a word as it is written in the list of concepts, or None."""
    parts = word.split()
    if not any(character.isalnum() for character in word):
        return N_("{where}: there is nothing between two commas; write a word there or remove one")
    if any("*" in part.removesuffix("*").removeprefix("*") for part in parts):
        return N_("{where}: '{word}' has a star within a word; put it at the beginning or at the end")
    if any("*" in part and len(part.strip("*")) < LEAST_STEM for part in parts):
        return N_("{where}: '{word}' would be found in nearly every message; write more letters before the star")
    if len(parts) > 1 and any(part.startswith("*") for part in parts):
        return N_("{where}: '{word}' begins a word with a star in a phrase; in a phrase a star only ends a word")
    return None


def _reviews(files: Files) -> Iterator[Mistake]:
    """Yield sign-offs of texts that are not there, by a name, or with dates that cannot be.

    Those that lapsed depend on the day: ``lapsing`` finds them.
    """
    if "reviews" not in files.single:
        return
    reviews: Reviews
    reviews, tree = files.single["reviews"]
    known = {answer.id for answer, _, _ in files.answers()} | _single_ids(files, "warning-signs", "signs")
    if not files.is_whole():
        # An answer that could not be read is known by its example messages.
        known |= {key for examples, _ in files.examples for key in examples}
    for position, review in enumerate(reviews.reviews):
        at = ("reviews", position)
        if review.id not in known:
            yield Mistake(
                tree.path,
                tree.line((*at, "id")),
                N_("'{id}' is neither an answer nor a warning sign; remove the sign-off"),
                {"id": review.id},
            )
        if not is_role(review.role):
            yield Mistake(
                tree.path,
                tree.line((*at, "role")),
                N_("role: '{role}' looks like a name; write a role in small letters, such as huisarts"),
                {"role": review.role},
                "warning",
            )
        if review.until < review.reviewed_on:
            yield Mistake(
                tree.path,
                tree.line((*at, "until")),
                N_("until: lies before reviewed_on; turn the dates around"),
            )


def _thresholds(files: Files) -> Iterator[Mistake]:
    """Yield a warning zone that is upside down: what is certain must also be possible."""
    if "thresholds" not in files.single:
        return
    file: ThresholdsFile
    file, tree = files.single["thresholds"]
    possible, certain = file.thresholds.sign_possible, file.thresholds.sign_certain
    if possible is not None and certain is not None and possible > certain:
        yield Mistake(
            tree.path,
            tree.line(("thresholds", "sign_possible")),
            N_("sign_possible ({possible}) lies above sign_certain ({certain}); make it the lower of the two"),
            {"possible": possible, "certain": certain},
        )


def _schema_comments(files: Files) -> Iterator[Mistake]:
    """Yield files without the line that makes an editor complete and check."""
    for path in sorted((*files.folder.glob("*.yaml"), *(files.folder / "examples").glob("*.yaml"))):
        try:
            beginning = read_bytes(path, len(SCHEMA_COMMENT))
        except OSError:
            # Whoever read it for its contents has said so.
            continue
        if not beginning.startswith(SCHEMA_COMMENT.encode()):
            yield Mistake(
                path,
                1,
                N_("does not begin with '{comment}…'; add it, so that an editor completes and checks"),
                {"comment": SCHEMA_COMMENT},
                "warning",
            )
