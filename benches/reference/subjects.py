"""How the subjects of automatic mail begin (N10), in the languages of the supported regions."""

# Automatic replies are known by the beginning alone.
REPLIES = """
automatic reply|autoreply|auto reply|auto-reply|out of office|out of the office|autosvar|automatiskt svar|frånvaro|réponse automatique
absence du bureau|automatische antwort|abwesenheitsnotiz|abwesend|automatisk svar|respuesta automática|automaattinen vastaus
risposta automatica|自動応答|자동 회신|automatisch antwoord|resposta automática|自动答复|自动回复|自動回覆|自動回復
"""
# Receipts, reports and undeliverable mail by a label and a colon.
LABELS = """
undeliverable|undelivered|delivery status notification \\(failure\\)|read|not read|delivered|relayed|kan ikke leveres|læst|ikke læst|leveret|unzustellbar|gelesen
ungelesen|nicht gelesen|zugestellt|übermittelt|no se puede entregar|no entregable|leído|no leído|entregado|luettu|ei luettu|lukematta|ei voi toimittaa|toimitettu
non remis|non distribuable|lu|non lu|remis|non recapitabile|letto|non letto|recapitato|配信不能|開封済み|未開封|配信済み|배달되지 않음|읽음|읽지 않음|배달됨
ulest|ikke lest|lest|kan ikke leveres|levert|onbestelbaar|gelezen|niet gelezen|ongelezen|bezorgd|não é possível entregar|não entregue|não lida|não lido|lida|lido|entregue
olevererbart|kan inte levereras|läst|oläst|ej läst|levererat|未送达|无法送达|无法传递|已读|未读|已送达|無法傳遞|已讀|未讀|已傳遞
"""


def alternatives(text):
    return "|".join(word.strip() for line in text.strip().split("\n") for word in line.split("|"))


AUTOMATIC = f"(?i)^(({alternatives(REPLIES)})|({alternatives(LABELS)})[ \\x{{a0}}\\x{{202f}}]*[:：])"
