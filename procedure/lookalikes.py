"""Characters that engines of both families read for rarer ones that look like them.

Measured on 5,440 lines of invented names (fonts of four makers, four grades of wear): 4,066 were
read alike by both families, 75 of them wrong alike, most with one of these characters in place of
another (理 for 埋, 银 for 锟, 壁 for 璧). A name that holds one is right as a rule, but voices that
agree on it prove nothing, however sure they are: 昊 of 13 pixels was read as 吴 by both at 0.996,
栎 on worn paper as 栋 at 0.983. A seal's ring is misread in the same way (霁 as 昇, 翎 as 领).
"""

import re

# fmt: off
LOOKALIKES = frozenset(
    "理银壁已锋展業锂赛驶增震靠优池浴标炼属明踪查磷阀均藏法深责类棋密秦部连级菌某森风蝶湖建流偶委桃"
    "吴雾璨现昇领栋"
)
# fmt: on
RARER = {"吴": "昊", "雾": "霁", "领": "翎"}
"""What some of them mostly stand for in names of firms; for the others it may be any of several."""
_FOLLOWS = (
    r"$|[（(一二三四五]|有限|股份|集团|公司|投资|科技|技术|实业|贸易|商贸|制品|材料|开发|发展"
    r"|经营|管理|服务|运营|工程|项目|发电|厂|场|中心|碳汇|建设(?!备)"
)
_COMMON = re.compile(
    rf"(?:风电|风力|建材|建设|金属|处理|森林)(?={_FOLLOWS})"
    r"|有限责任公司|(?:^|(?<=[：:]))(?:湖南|湖北|福建|西藏)"
)
"""What names have without being proper names: words of the trade that no rarer character makes, the
legal form, the province. A word only where another follows: 华风电子 and 宏建设备 hold neither 风电
nor 建设."""


def holds_lookalike(name: str) -> bool:
    """Whether any character of what is proper to the name may stand for a rarer one."""
    return not LOOKALIKES.isdisjoint(_COMMON.sub("", name))


def lookalike_places(line: str) -> frozenset[int]:
    """Which characters of a printed line, a label before it or not, may stand for rarer ones."""
    own = _COMMON.sub(lambda found: " " * len(found[0]), line)
    return frozenset(at for at, char in enumerate(own) if char in LOOKALIKES)
