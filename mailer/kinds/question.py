"""A question: about a case, or how the procedure goes."""

import re

from mailer.kinds.command import CASE
from mailer.kinds.traits import Traits

ASKS = re.compile(
    r"查[询詢]|[请請][问問]|咨[询詢]|[进進][度展]|如何|怎[么麼样樣]|什[么麼]|何[时時故]|是否|[能可]否|[能可]不[能可]"
    r"|哪[里裡儿个些天位]|收到(?:了)?[吗嗎]|[吗嗎][？?。！!\s]|[吗嗎]$|[？?]|[为為](?:什么|何)|多久|多[长長][时時]间|几[天时]"
    r"|告知|告诉|催[办促]|尽快(?:审核|审批|处理|办理|回复|确认|答复)|想(?:了解|问|知道)|问一下|是不是|有没有|[没未](?:有)?收到"
    r"|(?:受理|审核|审批|办理|处理)(?:的)?(?:情况|结果|状态)"
    r"|\bstatus\b|enquir|inquir"
    r"|\b(?:when|what|where|why|how|which|who) (?:will|is|are|do|does|did|can|could|should|was|were"
    r"|has|have|long|to)\b|\b(?:could|can|would|will) you\b"
    r"|please (?:tell|let|advise|inform|confirm|clarify)|wonder(?:ing)? (?:if|whether)"
    r"|not (?:yet )?received|any (?:news|progress|update)",
    re.I,
)


def matches(mail: Traits) -> bool:
    """Somebody waits for an answer in words."""
    return bool(ASKS.search(f"{mail.subject}\n{mail.text[:2000]}") or CASE.search(mail.subject))
