"""English forms that no stemmer reduces to the dictionary form: irregular verbs, plurals and comparatives."""

from __future__ import annotations

from typing import Final

FORMS: Final = {
    base: tuple(forms)
    for base, *forms in (
        entry.split()
        for entry in """
    arise arose arisen; bad worse worst; bear born; become became; begin began begun; big biggest bigger; bind
    bound; break broke broken; breed bred; bring brought; build built; buy bought; catch caught; child children;
    choose chose chosen; close closest closer; come came; creep crept; deal dealt; dig dug; draw drew drawn; drive
    drove driven; early earliest earlier; easy easiest easier; eat ate eaten; fall fell fallen; fast fastest faster;
    feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; foot feet; forbid forbade forbidden;
    forget forgot forgotten; freeze froze frozen; give gave given; go went gone; good better best; great greatest
    greater; grow grew grown; hang hung; hear heard; heavy heaviest heavier; hide hid hidden; high highest higher;
    hold held; keep kept; know knew known; large largest larger; late latest later; lay laid; lead led; leaf leaves;
    leave left; lend lent; life lives; long longest longer; lose lost; low lowest lower; make made; man men; mean
    meant; meet met; mouse mice; new newest newer; old oldest older; overcome overcame; overthrow overthrew
    overthrown; pay paid; person people; prove proved proven; rich richest richer; ride rode ridden; ring rang rung;
    rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; shine shone; shoot shot;
    show showed shown; shrink shrank shrunk; sing sang sung; sink sank sunk; slay slain slew; sleep slept; small
    smallest smaller; speak spoke spoken; spend spent; spin spun; spring sprang; stand stood; steal stole stolen;
    strike struck; strong strongest stronger; swear swore sworn; sweep swept; swim swam swum; take took taken; teach
    taught; tear tore torn; tell told; think thought; throw threw thrown; tooth teeth; understand understood;
    undertake undertook undertaken; wake woke woken; wealthy wealthiest wealthier; wear wore worn; wide widest
    wider; wife wives; win won; wind wound; withdraw withdrew withdrawn; woman women; write wrote written; young
    youngest younger
""".split(";")
    )
}
"""Dictionary form → its irregular forms."""
