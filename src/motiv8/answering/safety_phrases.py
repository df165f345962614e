"""How people say that they are in danger, in our four languages: regular expressions over text in lower case.

What is looked for is somebody speaking of themselves, now; sport speaks of killing, dying and pain all the time.
Accents may be missing; apostrophes are straight.
"""

from __future__ import annotations

import re
from typing import Literal

Danger = Literal["self_harm", "emergency", "eating"]

_SELF_HARM = (
    # English
    r"\b(kill|hang|drown|shoot|poison|harm|killing|harming) myself\b(?! (with|by|on) (my |the )?(run|train|workout))",
    (
        r"\b(want to|wanna|going to|gonna|urge to|keep|started|thoughts? of|thinking (of|about)) (hurt|hurting|cut|"
        r"cutting) myself\b"
    ),
    r"\b(hurt|cut|hurting|cutting) myself (on purpose|deliberately|at night|again to)\b",
    r"\bsuicid(e|al)\b(?! (sprint|run|drill|grip|push|line)s?\b)",
    r"\b(end|ending|take|taking) my (own )?life\b",
    (
        r"\b(want|wanna|wish|going|would rather|rather) (to )?(be dead|die)\b(?! of (laughter|embarrassment|shame|"
        r"boredom))"
    ),
    r"\b(don'?t|do not|no longer) (want|wanna) (to )?(live|be alive|wake up|exist)\b(?! (in|at|with|near|here\b))",
    r"\bno (reason|point) (to|in) (live|living|going on living)\b",
    r"\bbetter off (dead|without me)\b",
    r"\bself[- ]?harm(ing)?\b",
    # German
    r"\b(bringe?|bringen|bring) mich( selbst)? um\b",
    r"\bmich( selbst)? (umbringen|umzubringen|erhangen|toten)\b",
    r"\b(suizid\w*|selbstmord\w*|selbsttotung|lebensmude)\b",
    r"\bmir das leben (nehmen|zu nehmen)\b",
    r"\bmeinem leben ein ende\b",
    r"\b(will|mochte|wollte) (nur noch |einfach )?(nicht mehr (leben|aufwachen|da sein)|sterben|tot sein)\b",
    r"\b(ritze|verletze|schneide) mich( selbst)? (selbst|absichtlich|immer wieder|wieder)\b",
    r"\bmich( wieder| selbst)* (ritzen|selbst verletzen)\b",
    r"\bich ritze mich\b",
    # Spanish
    r"\b(suicidar(me|se)?|suicidio|me suicid\w+)\b",
    r"\b(matarme|quitarme la vida|acabar con mi vida|hacerme dano|cortarme las venas|autolesion\w*)\b",
    r"\b(quiero|quisiera|prefiero) (morir(me)?|estar muert[oa])\b",
    r"\bno quiero (seguir viviendo|vivir mas|vivir)\b",
    # French
    r"\bme (suicider|tuer|pendre|faire du mal|scarifier)\b(?! a (la tache|l'entrainement|l'effort))",
    r"\b(suicidaires?|(au|le|du|mon|de) suicide)\b",
    r"\b(mettre fin a mes jours|m'oter la vie|en finir avec la vie)\b",
    r"\b(je veux|je voudrais|envie de) (mourir|etre mort(e)?)\b(?! de rire)",
    r"\bje ne veux plus vivre\b",
    r"\bj(e )?'?veux plus vivre\b",
)
_EMERGENCY = (
    # English
    (
        r"\b(crushing|severe|strong|sudden|bad|terrible|sharp|tight|tightness|pressure|pain|pains|ache|"
        r"hurts?)\b.{0,30}\b(in|across|of|on) (my|the) chest\b"
    ),
    (
        r"\b(my )?chest (pain|pains|tightness|pressure|hurts|is hurting|feels tight)\b(?! (day|workout|exercise|"
        r"muscle))"
    ),
    r"\b(i am|i'm|im|i think i am|i think i'm) (having|getting) (a )?(heart attack|stroke|seizure|anaphyla\w+)\b",
    (
        r"\b(can'?t|cannot|can not|could not|couldn'?t) (breathe|get (any )?air|"
        r"catch my breath at all)\b(?! (through my nose|well through|properly through|when swimming|"
        r"while swimming))"
    ),
    r"\b(passed out|fainted|lost consciousness|blacked out)\b",
    r"\b((was|is|fell|found) unconscious|(i|i just|he|she) collapsed)\b",
    r"\b(took|taken|swallowed) (too many|an overdose|all (of )?(my|the) (pills|tablets))\b",
    r"\boverdosed?\b",
    r"\b(cough|coughing|vomit|vomiting|throwing) (up )?blood\b",
    r"\bbleeding (heavily|badly|a lot|out)\b",
    r"\b(bleeding|blood) (won'?t|doesn'?t|will not) stop\b",
    (
        r"\b(my )?(face|arm|leg|side) (is |has gone |went |suddenly |feels )*(drooping|paraly[sz]ed|"
        r"numb) (on one side|suddenly)\b"
    ),
    r"\bslurred speech\b",
    r"\bcan'?t (move|feel) (my|one) (arm|leg|legs|side)\b",
    r"\b(throat|tongue|face) is swelling\b",
    r"\bheat ?stroke\b(?!s? (prevention|be prevented))",
    # German
    (
        r"\b(schmerz\w*|druck|enge|stechen)\b.{0,30}\b(in|auf|hinter) (der|meiner|dem|meinem) (brust|brustbein|"
        r"brustkorb)\b"
    ),
    r"\b(starke |heftige )?(brustschmerz\w*|herzschmerz\w*)\b",
    r"\bmeine brust (schmerzt|tut weh)\b",
    (
        r"\b(ich habe|habe ich|hab|bekomme) (gerade |wohl |glaube ich )?(einen |ein )?(herzinfarkt|schlaganfall|"
        r"krampfanfall)\b"
    ),
    r"\b(bekomme|kriege|krieg) (kaum|keine|gar keine) luft\b(?! (durch die nase|beim schwimmen))",
    r"\bkann (ich )?nicht (mehr )?atmen\b",
    r"\b(ohnmachtig|bewusstlos|bewusstsein verloren|kollabiert|zusammengebrochen|uberdosis|hitzschlag)\b",
    r"\b(blut (gehustet|gespuckt|erbrochen)|huste blut|spucke blut|blute stark|hort nicht auf zu bluten)\b",
    # Spanish
    r"\b(dolor|presion|opresion)\b.{0,30}\b(en|de) (el|mi) pecho\b",
    r"\bme duele (mucho )?el pecho\b",
    r"\b(estoy teniendo|me esta dando|tengo) un (infarto|derrame|ataque al corazon|ictus)\b",
    r"\bno puedo respirar\b(?! (por la nariz|bien al nadar))",
    r"\bme falta el aire\b",
    r"\bme ahogo\b",
    (
        r"\b(me (he )?desmay\w+|perdi el conocimiento|he perdido el conocimiento|quede inconsciente|sobredosis|"
        r"golpe de calor)\b"
    ),
    r"\b(toso|vomito|escupo|vomitando|tosiendo) sangre\b",
    r"\bno para de sangrar\b",
    r"\bsangro mucho\b",
    # French
    r"\b(douleur\w*|pression|oppression|mal)\b.{0,30}\b(a|dans|sur) (la|ma) poitrine\b",
    r"\bdouleurs? thoraciques?\b",
    r"\b(je fais|je suis en train de faire|j'ai) (une crise cardiaque|un infarctus|un avc)\b",
    (
        r"\b(je n'arrive (plus|pas) a respirer|je ne (peux|peut) (plus|pas) respirer|j'arrive (plus|"
        r"pas) a respirer|je m'etouffe|j'etouffe)\b(?! (par le nez))"
    ),
    (
        r"\b(je me suis evanoui\w*|j'ai perdu connaissance|perdu connaissance|suis inconscient\w*|overdose|surdose|"
        r"coup de chaleur)\b"
    ),
    r"\b(je crache|je tousse|je vomis|crache|vomi) du sang\b",
    r"\bn'arrete pas de saigner\b",
    r"\bje saigne beaucoup\b",
)
_EATING = (
    # English
    r"\b(anorexi[ac]\w*|bulimi[ac]\w*|eating disorder\w*|binge[- ]eating|purging)\b",
    r"\b(make|making|made) myself (throw up|vomit|sick)\b",
    r"\b(throw|throwing|threw) up (on purpose|after (every |each )?(meals?|eating))\b",
    r"\bvomit (on purpose|after (every |each )?(meals?|eating))\b",
    r"\b(starve|starving) myself\b",
    r"\blaxatives? to (lose|slim|get thin)\b",
    r"\b(stop|stopped|avoid) eating (altogether|completely|at all|for days)\b",
    r"\b(haven'?t|have not|not) eaten (anything )?(for|in) (\w+ )?days\b",
    r"\b(afraid|scared|terrified) (to eat|of eating|of food)\b",
    r"\bhate myself (for|after|when i) eat(ing)?\b",
    # German
    r"\b(magersucht|magersuchtig|anorexie|bulimie|bulimisch|essstorung\w*|ess-brech-sucht|essanfall\w*)\b",
    r"\b(erbreche|ubergebe|kotze) (mich )?(absichtlich|nach (dem|jedem) essen)\b",
    r"\bfinger in den hals\b",
    r"\bhungere mich\b",
    r"\bmich (zu tode )?(runter|herunter)hungern\b",
    r"\babfuhrmittel zum abnehmen\b",
    r"\b(esse|gegessen) seit tagen nichts\b",
    r"\bseit tagen nichts (mehr )?(gegessen|esse)\b",
    r"\bangst (vor dem|vorm|zu) essen\b",
    # Spanish
    (
        r"\b(anorexia|anorexic[oa]|bulimia|bulimic[oa]|trastorno\w* alimen\w+|"
        r"trastornos? de la (conducta alimentaria|alimentacion)|atracones)\b"
    ),
    r"\b(me provoco|provocarme|me hago|provocar) (el )?vomito?\w*\b",
    r"\bvomito (a proposito|despues de comer)\b",
    r"\bdejar de comer (del todo|por completo)\b",
    r"\bllevo dias sin comer\b",
    r"\bno como desde hace dias\b",
    r"\bmiedo (a|de) comer\b",
    # French
    (
        r"\b(anorexie|anorexique|boulimie|boulimique|troubles? (alimentaires?|du comportement alimentaire)|"
        r"hyperphagie|tca)\b"
    ),
    r"\bme fa(is|ire) vomir\b",
    r"\bm'affamer\b",
    r"\barreter de manger (completement|totalement)\b",
    r"\bpas mange depuis (des|plusieurs|\w+) jours\b",
    r"\bpeur de manger\b",
)
PATTERNS: dict[Danger, re.Pattern[str]] = {
    "self_harm": re.compile("|".join(_SELF_HARM)),
    "emergency": re.compile("|".join(_EMERGENCY)),
    "eating": re.compile("|".join(_EATING)),
}
"""The most urgent first."""
