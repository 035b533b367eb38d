"""What is open between curators and reviewers, as warnings: sign-offs that end or no longer count, and remarks.

Start-up does not look: there a lapsed sign-off is none, and the team hears of those that end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.load import Files
from bot.knowledge.mistakes import N_, Mistake
from bot.knowledge.model import Answer, Reviews, WarningSign
from bot.knowledge.reviews import SOON


def lapsing(files: Files, today: date) -> Iterator[Mistake]:
    """Yield each sign-off of other words than there are now, or that ended or ends within two weeks, and open remarks.

    A text with another sign-off that holds for longer needs nothing, nor does a remark on other words.
    """
    if "reviews" not in files.single:
        return
    reviews: Reviews
    reviews, tree = files.single["reviews"]
    texts: dict[str, Answer | WarningSign] = {
        answer.id: answer for theme, _ in files.themes for answer in theme.answers
    }
    if "warning-signs" in files.single:
        texts |= {sign.id: sign for sign in files.single["warning-signs"][0].signs}
    named = {(each.id, each.language) for each in reviews.reviews}
    named |= {(each.id, each.language) for each in reviews.remarks}
    hashes = {
        (identifier, language): texts[identifier].text_hash(language)
        for identifier, language in named
        if identifier in texts and language in texts[identifier].languages()
    }
    for position, remark in enumerate(reviews.remarks):
        if hashes.get((remark.id, remark.language)) == remark.text_hash:
            yield Mistake(
                tree.path,
                tree.line(("remarks", position)),
                N_("{id} ({language}) was not signed: '{remark}'; change the text, or talk with who read it"),
                {"id": remark.id, "language": remark.language, "remark": remark.remark},
                "warning",
            )
    lasting = {
        (review.id, review.language)
        for review in reviews.reviews
        if review.until > today + SOON and review.text_hash == hashes.get((review.id, review.language))
    }
    for position, review in enumerate(reviews.reviews):
        text = (review.id, review.language)
        if text not in hashes or text in lasting:
            continue
        if review.text_hash != hashes[text]:
            sentence = N_("the sign-off of {id} ({language}) is of other words than it has now; let it be read anew")
        elif review.until < today:
            sentence = N_("the sign-off of {id} ({language}) ended on {until}; let it be read anew")
        elif review.until <= today + SOON:
            sentence = N_("the sign-off of {id} ({language}) ends on {until}; let it be read anew")
        else:
            continue
        values = {"id": review.id, "language": review.language, "until": review.until}
        yield Mistake(tree.path, tree.line(("reviews", position)), sentence, values, "warning")
