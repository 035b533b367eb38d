"""That a whole message says "I am coming" or "I am not", in words as parents type them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.agenda.wish import bare


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language, without accents and apostrophes.

    ``says`` are groups of words of which one must stand there as a whole, ``words`` is all that may stand beside them,
    ``denies`` turns it into a no, and with a word of ``asks`` in front it is a question.
    """

    says: tuple[frozenset[str], ...]
    denies: frozenset[str]
    words: frozenset[str]
    asks: frozenset[str] = frozenset()


WITH = frozenset({"met", "with", "bebegimle", "cocugumla"})
CHILD = frozenset(["baby", "kleine", "kind", "kinderen", "dreumes", "peuter", "kid", "kids", "child", "toddler", "one"])
"""Of whom a message tells, unless the parent comes ``WITH`` them: "my baby coming" is no meeting."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _groups(*groups: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in groups)


_DUTCH = _Language(
    says=(
        *_groups("kom", "komen", "langskomen", "ben er", "zijn er", "ben bij", "zijn bij", "ben erbij", "zijn erbij"),
        # "Ik kan niet" alone may be somebody who cannot go on; so may "ik red het niet", with whatever else.
        *(
            frozenset((verb, "niet", beside))
            for verb in ("kan", "kunnen", "haal", "halen")
            for beside in ("bij", "erbij", "morgen", "vandaag", "straks", "helaas", "sorry", "jammer", "keer")
        ),
    ),
    denies=frozenset({"niet"}),
    words=_words(
        "ik wij we kom komen langskomen langs ben zijn er erbij bij kan kunnen zal zullen wil willen "
        "haal halen het ja jawel ook graag zeker wel toch weer allebei samen met mijn onze baby kleine "
        "kind kinderen dreumes peuter morgen straks vandaag dan nog hoor leuk gezellig super helaas sorry "
        "jammer nee niet deze keer dit "
    ),
    asks=frozenset({"kan", "kunnen", "mag", "mogen", "zal", "zullen"}),
)
_ENGLISH = _Language(
    says=_groups("come", "coming", "be there", "make it", "count in", "joining", "join"),
    denies=frozenset({"not", "cant", "cannot", "wont", "unable", "dont"}),
    words=_words(
        "i im ill we were well will are am be there come coming can cant cannot wont dont to would love like "
        "yes yep yeah too also tomorrow today along definitely make it see you us count me in both and my our "
        "baby kid kids child toddler little one sorry unfortunately no not after all unable join joining this "
        "time with of course "
    ),
    asks=frozenset({"can", "are", "will", "would", "am"}),
)
_GELIYOR = _words("geliyorum geliyoruz gelirim geliriz gelecegim gelecegiz gelicem gelicez")
_GELMIYOR = _words(
    "gelemiyorum gelemiyoruz gelmiyorum gelmiyoruz gelemem gelemeyiz gelemeyecegim gelemeyecegiz gelmeyecegim "
    "gelmeyecegiz gelemicem gelemicez "
)
_TURKISH = _Language(
    says=tuple(frozenset({word}) for word in _GELIYOR | _GELMIYOR),
    denies=_GELMIYOR,
    words=_GELIYOR
    | _GELMIYOR
    | _words(
        "ben biz de da evet tamam tabii yarın yarin bugun maalesef malesef uzgunum bebegimle cocugumla bu "
        "sefer hayır hayir "
    ),
)


def is_coming(text: str) -> bool | None:
    """Tell whether a message says that its writer comes (True) or does not (False); None when it says something else.

    "Ik kom er niet uit" and "kan ik ook komen?" are something else.
    """
    if "?" in text:
        return None
    words = bare(text).split()
    for language in (_DUTCH, _ENGLISH, _TURKISH):
        is_about_child = not CHILD.isdisjoint(words) and WITH.isdisjoint(words)
        if (
            is_about_child
            or not set(words) <= language.words
            or not any(group <= set(words) for group in language.says)
        ):
            continue
        is_denied = not language.denies.isdisjoint(words)
        if not is_denied and (words[0] in language.asks or words[0] in ("nee", "no", "hayır", "hayir")):
            return None
        return not is_denied
    return None
