"""Interviews composed for tests: 12 people, 336 answers, eight subjects that change every few turns.

Every answer has a label, its subject.  Half of the answers name it; the others lean on the question
or on what was said before, as in talk ("Every week, and my sister as well").
"""
# ruff: noqa: E501

from __future__ import annotations

import random

import pandas as pd

SUBJECTS = {
    "garden": (
        "How did the vegetable garden do this summer? | What do you grow on your plot now? | "
        "Who waters the plants when you are away? | Do you keep seeds from your own beds?",
        "the tomatoes got blight and we pulled them all out | I dug compost into the beds in March "
        "| slugs ate the lettuce before we could pick any | the beans climbed over the fence into "
        "the neighbour's plot | we planted leeks and onions where the potatoes had been | the "
        "greenhouse lost a pane in the storm so the seedlings froze | I prune the apple tree in "
        "winter and mulch under it | the soil is heavy clay and the carrots come up crooked | "
        "my hose doesn't reach the far bed so I carry cans of water | we sowed spinach twice "
        "because the birds took the seeds",
    ),
    "commuting": (
        "How do you get to work these days? | What is the bus like in the morning? | Has the new "
        "timetable changed your journey? | Would you cycle if there were a lane?",
        "the bus is full by the second stop and drives past | I take the tram and then walk twenty "
        "minutes | the train was cancelled and everybody stood on the platform | parking near the "
        "office costs more than the ticket | I cycle when it is dry, there's a lane along the canal "
        "| the timetable says every ten minutes but two come together | traffic on the bridge is "
        "the worst part of the journey | my season ticket went up again in January | I missed the "
        "connection and waited at the station for an hour | the driver knows me and waits at the "
        "corner",
    ),
    "school": (
        "What are the children learning at school? | How do you get on with the teachers? | Is "
        "there much homework? | How was it when your daughter changed class?",
        "the teacher rang us about his reading | she likes maths but the homework takes all evening "
        "| they sit exams in June and she worries about the marks | the class has thirty pupils and "
        "one assistant | he was bullied in the playground so we talked to the head | the school "
        "trip went to the museum and she drew everything | parents' evening is five minutes with "
        "each teacher | her spelling got better when a classmate helped her | the lessons are in "
        "two languages and he mixes them up | they gave the pupils tablets instead of textbooks",
    ),
    "health": (
        "How have you been since the operation? | What does the doctor say about the pain? | Do "
        "you take the tablets every day? | How long did you wait for the appointment?",
        "the surgeon says the knee needs another operation | the tablets make me dizzy so I take "
        "half | I waited four months for the hospital appointment | the nurse measures my blood "
        "pressure on Fridays | physiotherapy helps more than the injections did | my doctor retired "
        "and the new one is always in a hurry | the pain wakes me at night when I lie on that hip | "
        "they found it on a scan by accident | the pharmacy had run out of my medicine | I did the "
        "exercises until the swelling went down",
    ),
    "money": (
        "How do you manage with the rent? | What did the bank say about the loan? | Do you put "
        "anything aside each month? | What was it like when prices went up?",
        "the rent takes half of my wages | the bank refused the loan because I am self-employed | "
        "we put fifty aside each month for the heating bill | I paid off the credit card before "
        "Christmas | electricity went up and we sat in one room | the landlord wants two months' "
        "deposit | my pension is small so I count every coin | we borrowed from his parents for "
        "the mortgage | I keep all receipts in a tin and do the budget on Sundays | the tax office "
        "sent a bill that I couldn't pay",
    ),
    "choir": (
        "How did you come to join the choir? | What do you sing at the moment? | How was the "
        "concert in the church? | Who conducts you now?",
        "we rehearse in the parish hall on Tuesdays | the conductor makes the altos stand at the "
        "back | I can't read music so I learn the tune by ear | the concert was sold out and we "
        "sang an encore | the tenors always come in too early | we are learning a requiem in Latin "
        "| the pianist left and now we sing without accompaniment | my voice has got lower so I "
        "changed from soprano | the harmony in that carol gives me goose bumps | we recorded two "
        "songs for the radio",
    ),
    "dogs": (
        "What is it like to have a dog? | How did you train the puppy? | Who walks the dog when "
        "you work? | What happened when the dog was ill?",
        "the puppy chewed my shoes and the leg of the table | he barks at the postman every morning "
        "| we walk her in the woods off the lead | the vet said she has to lose weight | he is a "
        "rescue from the shelter and afraid of men | training him with treats took a whole year | "
        "she sleeps in a basket by the stove | he ran after a deer and came back with a torn paw | "
        "the kennel looks after her when we travel | grooming that coat takes an hour every week",
    ),
    "neighbours": (
        "How well do you know your neighbours? | Has there been trouble about noise? | What does "
        "the residents' meeting do? | Who lives upstairs now?",
        "the family upstairs drills and hammers late at night | we share the hallway so we see one "
        "another every day | the residents' meeting argued about the bins for two hours | she has a "
        "key to my flat in case I lock myself out | there was a quarrel over the washing line in "
        "the courtyard | somebody complained about our party to the caretaker | he took in my "
        "parcels while I was away | the flat next door is let to tourists who slam the door | we "
        "hold a street party and everyone brings a chair | the old couple across the landing moved "
        "to a home",
    ),
}
LEANING = (
    "Yes, every week, and my sister as well. | It was better before, to be honest, much better. | "
    "I would say it depends, some weeks are fine. | Not really, I let the others decide about that. "
    "| Oh, that took ages, and in the end we gave up. | It cost me a lot of nerves, that did."
)
OPENINGS = "Well, | So, um, | I mean, | You know, | Yeah, and | Oh, | And then | Because"


def interviews(people: int = 12, blocks: int = 7, seed: int = 11) -> pd.DataFrame:
    """Return the table of turns; `label` is the subject of each answer."""
    chance = random.Random(seed)
    rows = []
    for person in range(people):
        line, start = 1, 0
        for subject in chance.sample(sorted(SUBJECTS), blocks):
            for role, text in block(chance, subject):
                row = {"source": f"N{person:02d}", "participant": f"N{person:02d}", "group": ""}
                row |= {"line": line, "start": start, "end": start + len(text), "speaker": role}
                row |= {"role": role, "heard": role == "participant", "quotable": True}
                rows.append(row | {"text": text, "label": subject})
                line, start = line + 2, start + len(text) + 10
    return pd.DataFrame(rows)


def block(chance: random.Random, subject: str) -> list[tuple[str, str]]:
    """Return two questions about one subject with two answers each; one of four only leans."""
    asked, told = (part.split(" | ") for part in SUBJECTS[subject])
    turns = []
    for question in chance.sample(asked, 2):
        turns.append(("interviewer", question))
        for leans in (False, chance.random() < 0.5):
            if leans:
                turns.append(("participant", chance.choice(LEANING.split(" | "))))
            else:
                opening = chance.choice(OPENINGS.split(" | "))
                turns.append(("participant", f"{opening} {chance.choice(told)}."))
    return turns
