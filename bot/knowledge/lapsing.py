"""Sign-offs that no longer count, or soon will not: warnings, as such a text is still there to be read and signed anew.

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
    """Yield each sign-off of other words than there are now, and those that ended or end within two weeks.

    A text with another sign-off that holds for longer needs nothing.
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
    hashes = {
        (review.id, review.language): texts[review.id].text_hash(review.language)
        for review in reviews.reviews
        if review.id in texts and review.language in texts[review.id].languages()
    }
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
