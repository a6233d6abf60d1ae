"""Words that tell what a cell is: data that no archive may hold (faith, genes, fingerprints, blood group, illness: Credit
Reporting Industry Regulation, 14), and totals rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORBIDDEN_COLUMNS = re.compile(
    r"宗教|信仰|教派|基因|DNA|指纹|血型|疾病|病史|病情|诊断|健康状况|残疾|religion|faith|gene(tic)?s?\b|fingerprint|blood|disease|illness"
    r"|medical history|diagnosis|disability",
    re.IGNORECASE,
)

# In free text: words that speak of a person's own faith, genes, fingerprints, blood group or illness. Names of offences that
# contain such a word are taken out first (a false medical certificate is an act, not an illness).
_ALLOWED = re.compile(
    r"(虚假|伪造|假)?(疾病|医学|诊断|病假|病历|健康)(证明|证明书|证明文件|证|条|材料|报告)|伪造病历|篡改病历|隐匿病历|销毁病历"
    r"|(fals(e|ified)|forged) (medical|sick)[a-z -]*(certificate|note|records?)",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"宗教信仰|信(奉|仰)|(佛|道|基督|天主|伊斯兰)教|教徒|信徒|穆斯林|基因|DNA|指纹|[ABO]{1,2}\s*型血|血型|RH\s*阴性"
    r"|疾病|病史|患有|罹患|确诊|诊断为|艾滋|HIV|乙肝|肝炎|肺结核|癌|肿瘤|抑郁|焦虑症|精神(病|分裂|障碍)|癫痫|糖尿病|高血压|心脏病|残疾|怀孕|流产"
    r"|\b(religio(n|us)|faith|buddhist|christian|catholic|muslim|islam|gene(s|tic)?|fingerprints?|blood (type|group)"
    r"|illness|disease|diagnos(is|ed)|hepatitis|cancer|tumou?r|depression|epilepsy|diabetes|disabled|disability|pregnan(t|cy))\b",
    re.IGNORECASE,
)


# What stands below a table.
_BELOW = re.compile(
    r"(本页)?(合\s*计|总\s*计|小\s*计|总\s*数)\s*[:：]?\s*(\d+\s*[人名条行项]?)?|(共|计)\s*\d+\s*[人名条行项]"
    r"|(填\s*表|填\s*报|制\s*表|审\s*核|复\s*核|审\s*批|经\s*办|负\s*责|联\s*系)\s*(人|单位)?\s*([(（]?签\s*[字章名][)）]?)?\s*[:：].*"
    r"|单\s*位\s*(负\s*责\s*人)?\s*[(（]?\s*(签\s*[字章名]|(加?\s*盖)?\s*公?\s*章)\s*[)）]?\s*[:：]?.*"
    r"|(备\s*注|注|说\s*明)\s*[:：].*|第\s*\d+\s*页.*|(totals?|sum)\s*:?\s*\d*"
    r"|(prepared|checked|approved|signed) by\b.*|signature\s*:.*",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\d{1,7}(\.0)?\s*[人名条行项]?")


def is_below_table(texts: Iterable[str]) -> bool:
    """Do the cells that would tell a row's person and act hold nothing but a total, a signature line or a remark?"""
    written = [text.strip() for text in texts if text.strip()]
    others = [text for text in written if not _BELOW.fullmatch(text)]
    return len(others) < max(1, len(written)) and all(_COUNT.fullmatch(text) for text in others)


def forbidden_word(text: str) -> str | None:
    """The first forbidden word of a free text, or None."""
    found = _FORBIDDEN.search(_ALLOWED.sub("", text))
    return found.group(0) if found else None
