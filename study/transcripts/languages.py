# ruff: noqa: RUF001
"""How transcripts in other languages than English call those who ask and those who answer.

Written as transcripts write them, in lower case; an ending in brackets may be missing.
"""

from __future__ import annotations

import re

_ASKING = """
    interviewer(in) interviewer(innen) interviewende(r) befrager(in) forscher(in) moderator(in)
    intervieweur intervieweuse enquêteur enquêtrice chercheur chercheuse modérateur modératrice
    animateur animatrice
    entrevistador(a) investigador(a) encuestador(a) moderador(a) pesquisador(a)
    intervistatore intervistatrice ricercatore ricercatrice moderatore moderatrice
    interviewster onderzoeker gespreksleider
    intervjuer(en) intervjuare(n) forsker(en) forskare(n) ordstyrer(en)
    haastattelija tutkija moderaattori
    ankieter(ka) badacz(ka) moderator(ka) tazatel(ka) moderátor(ka) výzkumník výzkumnice
    интервьюер исследователь исследовательница модератор ведущий ведущая інтерв'юер дослідник
    συνεντευκτής συνεντεύκτρια ερευνητής ερευνήτρια
    görüşmeci araştırmacı moderatör
    المحاور المحاورة الباحث الباحثة المقابل المقابلة الميسر
    مصاحبه‌گر پژوهشگر
    מראיין מראיינת חוקר חוקרת מנחה
    主持人 采访者 採訪者 访谈者 訪談者 访谈员 訪談員 访问者 訪問者 研究者 研究员 研究員 提问者 记者
    記者 问 問
    インタビュアー インタビュワー 聞き手 司会 司会者 質問者 調査者 面接者
    면접자 인터뷰어 연구자 진행자 사회자 질문자 면담자
    साक्षात्कारकर्ता शोधकर्ता
"""
_ANSWERING = """
    befragte(r) interviewte(r) interviewpartner(in) gesprächspartner(in) proband(in)
    teilnehmer(in) teilnehmende(r) experte expertin
    interviewé(e) enquêté(e) participant(e) répondant(e)
    entrevistado entrevistada encuestado encuestada participante informante respondente
    intervistato intervistata partecipante rispondente
    geïnterviewde deelnemer respondent(e)
    deltager(en) deltagare(n) intervjuperson(en) intervjuobjekt interviewperson(en) informant(en)
    haastateltava osallistuja vastaaja
    respondent(ka) badany badana rozmówca rozmówczyni uczestnik uczestniczka účastník účastnice
    респондент(ка) информант(ка) участник участница интервьюируемый интервьюируемая
    συνεντευξιαζόμενος συνεντευξιαζόμενη συμμετέχων συμμετέχουσα
    katılımcı görüşülen
    المشارك المشاركة المبحوث المبحوثة الضيف الضيفة
    مصاحبه‌شونده شرکت‌کننده
    מרואיין מרואיינת משתתף משתתפת נחקר נחקרת
    受访者 受訪者 被访者 被訪者 被采访者 被採訪者 参与者 參與者 嘉宾 嘉賓 答
    回答者 参加者 インタビュイー 協力者 話し手 対象者
    응답자 참여자 참가자 인터뷰이 피면접자 면담대상자
    प्रतिभागी उत्तरदाता
"""
PAIRS = {
    "question": "answer",
    "questions": "answers",
    "frage": "antwort",
    "pregunta": "respuesta",
    "pergunta": "resposta",
    "domanda": "risposta",
    "vraag": "antwoord",
    "fråga": "svar",
    "spørsmål": "svar",
    "spørgsmål": "svar",
    "pytanie": "odpowiedź",
    "вопрос": "ответ",
    "soru": "cevap",
    "سؤال": "جواب",
    "שאלה": "תשובה",
    "问题": "回答",
    "質問": "回答",
    "질문": "답변",
}
"""What is asked, and what is answered: labels only where a transcript has both, again and again."""

EVERYDAY = frozenset(
    """
    他说 她说 我说 他說 她說 我說 例如 比如 比如说 另外 其次 首先 最后 最後 第一 第二 第三
    所以 但是 因为 因為
    然后 然後 就是 注 注意 备注 備註 结果 結果 问题 問題 时间 時間 日期 地点 地點
    例えば まず 次に 最後に
    つまり 注意 備考 日時 場所 例 예를 들면 첫째 둘째 셋째 날짜 시간 장소
    also und aber zum zweitens erstens drittens nämlich d'abord ensuite enfin mais donc alors
    primero segundo tercero entonces pero porque además нет да потом во-первых во-вторых например
    """.split()
)
"""First words of sentences and lists, and keys of headers, in other languages."""

_GENDER = r"(?:[*_/\u00b7.:]-?(?:in|innen|r|n|e|euse|trice|a))?"


def _pattern(words: str) -> str:
    """Return one pattern for words; a bracketed ending may be missing."""
    plain = (re.escape(word) for word in sorted(set(words.split()), key=len, reverse=True))
    return "|".join(re.sub(r"\\\((\w+)\\\)", r"(?:\1)?", word) for word in plain)


ASKING = rf"(?:{_pattern(_ASKING)}){_GENDER}"
ANSWERING = rf"(?:{_pattern(_ANSWERING)}){_GENDER}"
