"""Invented companies, projects and amounts. No name here is meant to be anyone's."""

from random import Random

import cycles
from clerk.drawing.content import Company, ProjectLine
from procedure import uscc
from procedure.provinces import Province, Provinces

_FIRST = "恒沛隆熙霁弘晟朔翎璟昊骏腾泰瑞凌栎曜禹祥"
_SECOND = "凌润祥朔川源岳辰峰驰茂盛翔达衡远栋和邦宁"
_TRADES = (
    "热电", "发电", "电力", "自备电厂运营", "煤电", "能源",
    "热力", "化工", "铝业", "钢铁", "水泥", "造纸",
)  # fmt: skip
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "（集团）有限公司")
_SURNAMES = "陈鲁石周吴郑王冯褚卫蒋沈韩杨朱秦许何吕施张孔曹严"
_GIVEN = "示例样本演军芳玉洋敏静磊勇涛霞平红梅伟"
_KINDS = (
    "户用沼气利用项目", "垃圾填埋气发电项目", "风电场一期49.5MW工程", "20MW光伏发电项目",
    "生物质热电联产项目", "煤层气（瓦斯）15MW发电项目", "碳汇造林项目", "水电站工程",
)  # fmt: skip
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def provinces() -> tuple[Province, ...]:
    """All provinces of the procedure."""
    return Provinces.parse(cycles.provinces()).all


def credit_code(prefix: str, serial: int) -> str:
    """A valid credit code over the area code …9999, which no office has."""
    org = f"MA{serial % 10**6:06}"
    total = sum(int(char, 36) * weight for char, weight in zip(org, _ORG_WEIGHTS, strict=True))
    first = f"91{prefix}9999{org}{'0123456789X0'[11 - total % 11]}"
    return first + uscc.check_char(first)


def seal_code(prefix: str, serial: int) -> str:
    """Thirteen digits as seals bear them, over the same area code."""
    return f"{prefix}9999{serial % 10**7:07}"


def company(rng: Random, province: Province | None = None) -> Company:
    """A company of this province, or of any."""
    home = province or rng.choice(provinces())
    city = rng.choice(_FIRST) + rng.choice(_SECOND) + "市" if rng.random() < 0.3 else ""
    own = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(("", "示例", rng.choice(_FIRST)))
    name = home.short + city + own + rng.choice(_TRADES) + rng.choice(_FORMS)
    mobile = f"138001380{rng.randrange(100):02}"
    fixed = f"0000-5550{rng.randrange(10_000):04}"
    account = (
        f"CN-100-{rng.randrange(10**7):07}"
        if rng.random() < 0.6
        else f"{rng.randrange(10**11, 10**12)}"
    )
    return Company(
        name,
        credit_code(home.prefix, rng.randrange(10**6)),
        home.name,
        account,
        rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2)))),
        mobile if rng.random() < 0.5 else fixed,
    )


def projects(rng: Random, total: int, count: int) -> tuple[ProjectLine, ...]:
    """``count`` projects whose amounts add up to ``total`` (at least ``count``)."""
    cuts = sorted(rng.sample(range(1, total), count - 1)) if count > 1 else []
    amounts = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
    return tuple(ProjectLine(*_project(rng), amount) for amount in amounts)


def _project(rng: Random) -> tuple[str, str]:
    place = rng.choice(provinces()).short
    name = place + rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_KINDS)
    codes = (
        f"CCER-{rng.randrange(10_000):04}",
        f"JX-{rng.randrange(2012, 2017)}-{rng.randrange(1, 999):03}",
        f"{rng.randrange(10_000):04}",
    )
    return name, rng.choice(codes)
