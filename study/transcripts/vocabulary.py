"""Words that begin a line with a colon and yet name no speaker."""

from __future__ import annotations

import re

METADATA = frozenset(
    """
    abstract|additional notes|age|agenda|answer|appendix|attendees|audio|audio file|author|
    background|break|case|city|code|comment|comments|company|confidential|consent|consent form|
    contact|context|copyright|country|created|credits|date|date of interview|description|details|
    disclaimer|document|duration|edited by|education|email|end|end time|episode|ethics|ethnicity|
    example|exhibit|field notes|figure|file|file name|filename|format|full name|gender|group|id|
    instructions|interview|interview date|interview details|interview duration|interview id|
    interview length|interview location|interview no|interview number|interview time|
    interviewed by|key|keywords|language|legend|length|licence|license|link|location|medium|
    meeting|method|mode|music|name|nationality|note|notes|number|observation|observations|
    occupation|organisation|organization|overview|page|paragraph|part|participant id|
    participant number|phone|place|platform|position|present|project|project title|proofread by|
    provenance|pseudonym|purpose|question|recorded|recorded by|recording|recording date|reference|
    region|role|section|sector|setting|sex|site|source|speakers|sponsor|start|start time|status|
    study|subject|summary|table|tags|theme|time|time stamp|timestamp|timing|title|tool|topic|
    topics|total time|transcribed|transcribed by|transcriber|transcript|transcript by|
    transcription|transcription by|transcription conventions|transcription date|type|url|venue|
    version|video|website|years in role|
    """.replace("\n    ", "")
    .strip("\n| ")
    .split("|")
)
"""Keys of headers; compared after case and spacing are levelled."""

EVERYDAY = frozenset(
    """
    a about actually after again ah alas also although an and another anyway as at basically
    because before besides both but by can clearly conclusion could did do does done eg eh either
    else er erm etc even eventually except fifth finally first firstly for fourth from fyi
    generally given great had has have having he hello hence her here hey hi him his hmm how
    however http https i'd i'll i'm i've ie if imagine in indeed instead is it it's its just last
    lastly later let's like look maybe me meanwhile mhm mm mmm moreover mostly my nb never next
    nice no nope nor not nothing now obviously of oh ok okay on once one only or our out over
    perfect perhaps please plus point pps problem ps quote really reason remember result right
    same second secondly see seriously she should similarly since so solution some something
    sometimes soon sorry still sure thank thanks that that's the their them then there there's
    therefore these they they're thing things third thirdly this those though three thus tip to
    today tomorrow two uh um under unless until up us warning was we we'd we'll we're we've well
    were what what's whatever when where whereas whether which while who whose why with without
    would www yeah yep yes yesterday yet you you're your
    """.split()
)
"""First words of sentences and lists."""

PARTICLES = frozenset(
    "al and bin da das de del della den der di do dos du e el ibn la le of ten ter the und van von "
    "y zu zur & - \u2013 | / +".split()
)
"""Words in names that are written small."""

ABBREVIATIONS = frozenset("dr mr mrs ms mx prof rev sr jr st hon capt sgt assoc asst".split())

SOUNDS = re.compile(
    r"(?:\w+ )?(?:laugh\w*|laughter|pause\w*|silence|sigh\w*|crosstalk|cross talk|inaudible|unclear"
    r"|unintelligible|cough\w*|cries|crying|overlap\w*|indistinct|chuckl\w*|background noise"
    r"|phone rings|nods?|shrugs?|applause|music|sic|redacted)\b.*",
    re.IGNORECASE,
)
"""What is heard and noted in brackets: part of the talk."""
