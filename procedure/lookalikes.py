"""Characters that engines of both families read for rarer ones that look like them.

Measured on 5,440 lines of invented names (fonts of four makers, four grades of wear): 4,066 were
read alike by both families, 75 of them wrong alike, most with one of these characters in place of
another (理 for 埋, 银 for 锟, 壁 for 璧). A name that holds one is right as a rule, but two voices
that agree on it prove less than elsewhere.
"""

# fmt: off
LOOKALIKES = frozenset(
    "理银壁已锋展業锂赛驶增震靠优池浴标炼属明踪查磷阀均藏法深责类棋密秦部连级菌某森风蝶湖建流偶委桃"
    "吴雾璨现"
)
# fmt: on


def holds_lookalike(name: str) -> bool:
    """Whether any character of the name may stand for a rarer one."""
    return not LOOKALIKES.isdisjoint(name)
