"""Labels at the borders of likeness, words that mean two things, and templates that are wrong."""

from dataclasses import replace
from typing import Any

import pytest

import cycles
from procedure.errors import BadInput
from procedure.forms import FormTemplate, LabelMatch, Labels, normalise_label
from tests.procedure.test_forms import TEMPLATE


def words() -> Labels:
    """Some, that remember nothing yet."""
    return Labels(
        {"一二三四五六七八": "long", "甲乙": "short", "不要的标签": ""},
        (("第.号", "number"), ("第.+", "other"), ("第三.*", "third")),
    )


@pytest.mark.parametrize(
    ("text", "field", "score"),
    [
        ("一二三四五六七八", "long", 1.0),
        ("一二三四五六七九", "long", 0.875),
        ("一二三四五六八九", "long", 0.875),
        ("一二三四五六九九", "long", 0.75),
        ("一二三四五九九九", None, 0),
        ("一二三四五六七八一", "long", 0.89),
        ("一二三", None, 0),
        ("甲乙", "short", 1.0),
        ("甲乙丙", None, 0),
        ("第三条款", None, 0),
        ("第四条款", "other", 0.9),
        ("第四号", None, 0),
        ("不要的标签", None, 0),
        ("不要的标贴", None, 0),
        ("", None, 0),
        ("第" + "四" * 33, "other", 0.9),
        ("第" + "四" * 34, None, 0),
    ],
)
def test_what_a_text_means(text: str, field: str | None, score: float) -> None:
    known = words()
    found = known.match(text)
    assert (found and found.field, found.score if found else 0) == (field, score)
    sure = field if score in (1.0, 0.9) else None
    exact = known.match(text, fuzzy=False)
    assert (exact and exact.field) == sure
    # What was met before is answered from memory, to the same effect.
    assert known.match(text) == found


def test_a_likeness_counts_only_where_no_other_field_is_about_as_like() -> None:
    near = Labels({"一二三四五六七八": "one", "一二三四五六七九": "two"})
    assert near.match("一二三四五六七十") is None
    same = Labels({"一二三四五六七八": "one", "一二三四五六七九": "one"})
    found = same.match("一二三四五六七十")
    assert found == LabelMatch("one", None, 0.875, "一二三四五六七八")
    far = Labels({"一二三四五六七八": "one", "一二三四九九九九": "two"})
    assert far.match("一二三四五六七十") == LabelMatch("one", None, 0.875, "一二三四五六七八")


def test_a_likeness_needs_four_characters() -> None:
    five = Labels({"一二三四五": "five"})
    found = five.match("一二三四")
    assert found is not None
    assert (found.field, round(found.score, 2)) == ("five", 0.89)
    assert five.match("一二三") is None


def test_the_memory_of_labels_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procedure.forms._MOST_MET", 2)
    words = Labels({"一二三四五六七八": "long"})
    for text in ("一二三四五六七九", "一二三四五六八九", "一二三四五七八九"):
        assert words.match(text) is not None
    assert len(words._met) == 1


def test_words_of_two_templates_together() -> None:
    one = Labels({"甲": "a", "乙": "", "丙": ""}, (("x", "a"),))
    two = Labels({"甲": "", "乙": "b", "丙": "", "丁": "d", "戊": ""}, (("x", "a"), ("y", "b")))
    both = one.with_(two)
    assert both.aliases == {"甲": "a", "乙": "b", "丙": "", "丁": "d", "戊": ""}
    assert sorted(both.patterns) == [("x", "a"), ("y", "b")]
    assert one.with_(one) == one
    with pytest.raises(BadInput) as caught:
        one.with_(Labels({"甲": "b"}))
    assert str(caught.value) == "form templates: '甲' means a and b"


def test_all_cycles_together_know_the_words_of_each() -> None:
    later = FormTemplate.parse(cycles.form("2021-2022"))
    both = FormTemplate.merged([TEMPLATE, later, TEMPLATE])
    assert both.id == f"{TEMPLATE.id}+{later.id}"
    for one in (TEMPLATE, later):
        for kind in ("application", "cancellation"):
            assert set(one.titles[kind]) <= set(both.titles[kind])
            assert set(one.names[kind]) <= set(both.names[kind])
            assert {w for w, f in one.fields[kind].aliases.items() if f} <= set(
                both.fields[kind].aliases
            )
            assert set(one.columns[kind].aliases) <= set(both.columns[kind].aliases)
        for part in ("totals", "authority", "seal_labels"):
            assert set(getattr(one, part)) <= set(getattr(both, part))
    assert FormTemplate.merged([TEMPLATE, TEMPLATE]) is TEMPLATE
    assert (TEMPLATE.names_year, later.names_year, both.names_year) == (False, True, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("单位名称（盖章）：", "单位名称"),
        ("（一）单位名称", "单位名称"),
        ("3、联系人", "联系人"),
        ("12.联系人", "联系人"),
        ("2019-2020年度应清缴量", "应清缴量"),
        ("2021年应清缴量（吨）", "应清缴量"),
        ("全国碳市场第一个履约周期应清缴量", "应清缴量"),
        ("本履约期内应清缴量", "应清缴量"),
        ("应清缴量 单位万吨CO2", "应清缴量"),
        ("应清缴量(万吨", "应清缴量"),
        ("万吨)应清缴量", "应清缴量"),
        ("【填表】人", "人"),
        ("塡表人", "填表人"),
        ("—般持有账户", "一般持有账户"),
        ("2019—2020年度一般持有账户", "一般持有账户"),
        ("联·系*人", "联系人"),
        ("uscc", "USCC"),
        ("（公章）", ""),
    ],
)
def test_a_label_as_it_is_compared(text: str, wanted: str) -> None:
    assert normalise_label(text) == wanted


def pair(text: str, kind: Any = "application") -> tuple[str, str] | None:
    found = TEMPLATE.split_label(text, kind)
    return (found[0].field, found[1]) if found else None


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("联系人： 顾言 ", "application", ("contact", "顾言")),
        ("联系人 顾言", "application", ("contact", "顾言")),
        ("联系人：顾言（电话：138）", "application", ("contact", "顾言(电话:138)")),
        ("联系人\n顾言", "application", ("contact", "顾言")),
        ("联系人", "application", ("contact", "")),
        ("顾言", "application", None),
        ("电话0571-87654321", "application", ("phone", "0571-87654321")),
        ("省级主管部门意见：同意", "application", None),
        ("重点排放单位（公章）：某", "application", None),
        ("账户状态正常", "cancellation", None),
        ("操作类型自愿注销", "cancellation", ("operation", "自愿注销")),
        ("注销数量（吨）106,833", "cancellation", ("quantity_t", "106,833")),
        ("注销数量：106,833", "cancellation", ("quantity_t", "106,833")),
        ("完成时间：10:25:08", "cancellation", ("time", "10:25:08")),
        # A colon says that it is a label, so it may be misread by a character.
        ("统一社会信用代玛：9113", "application", ("uscc", "9113")),
        ("统一社会信用代玛9113", "application", None),
        ("减排量序列亏：1-5", "cancellation", ("serial", "1-5")),
        # The heading of a column is no single field of a form.
        ("减排项目名称：某项目", "application", None),
    ],
)
def test_a_label_and_its_value_in_one_text(
    text: str, kind: Any, wanted: tuple[str, str] | None
) -> None:
    assert pair(text, kind) == wanted


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("联系人：顾言", "application", [("contact", "顾言")]),
        ("联系人：", "application", [("contact", "")]),
        ("顾言", "application", []),
        ("备注：无 联系人：顾言 手机：138", "application", [("contact", "顾言"), ("phone", "138")]),
        ("联系人：顾言 备注：某：某 联系 电话：138", "application",
         [("contact", "顾言 备注:某:某"), ("phone", "138")]),
        ("账户编号：CN-1 完成时间：2021-12-11 10:25:08 状态：完成", "cancellation",
         [("account_no", "CN-1"), ("time", "2021-12-11 10:25:08"), ("status", "完成")]),
    ],
)  # fmt: skip
def test_pairs_in_one_text(text: str, kind: Any, wanted: list[tuple[str, str]]) -> None:
    assert [(m.field, v) for m, v in TEMPLATE.split_pairs(text, kind)] == wanted


def test_a_heading_is_no_label_of_a_single_field() -> None:
    assert TEMPLATE.match_column("使用数量", "cancellation") is None
    misread = TEMPLATE.match_column("国家核证自愿减排项目名镲")
    assert misread is not None
    assert misread.field == "name"
    assert TEMPLATE.match_column("国家核证自愿减排项目名镲", fuzzy=False) is None
    assert TEMPLATE.match_column("一般侍有账户", "application", fuzzy=False) is None
    assert TEMPLATE.match_label("省级生态环境主管部门") is None
    assert not TEMPLATE.is_authority("（公章）")
    assert TEMPLATE.is_seal_label("（公章）")
    assert not TEMPLATE.is_seal_label("重点排放单位：")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], "other"),
        (["企业名称：某", "联系人：某"], "other"),
        (["企业名称：某", "联系人：某", "电话：138"], "application"),
        (["企业名称：某", "联系人：某", "项目备案编号"], "application"),
        (["操作类型", "注销数量", "账户编号"], "cancellation"),
        (["操作类型自愿注销", "注销数量106,833", "账户编号3025"], "cancellation"),
        (["账户状态正常", "持有数量106,833", "账户编号3025"], "other"),
    ],
)
def test_three_labels_make_a_document(lines: list[str], kind: str) -> None:
    assert TEMPLATE.document_kind(iter(lines)) == kind


def test_a_template_holds_what_its_file_says() -> None:
    data = cycles.form("2019-2020")
    found = FormTemplate.parse(data)
    assert found == TEMPLATE
    assert found.id == data["id"] == "2019-2020"
    for kind in ("application", "cancellation"):
        part = data[kind]
        assert found.titles[kind] == tuple(part["titles"])
        assert found.names[kind] == tuple(part.get("names", ()))
        for table, labels in (("fields", found.fields), ("columns", found.columns)):
            for field, entry in part[table].items():
                for word in entry["labels"]:
                    assert labels[kind].aliases[normalise_label(word)] == field
                for pattern in entry.get("patterns", ()):
                    assert (pattern, field) in labels[kind].patterns
            for word in data["ignore"]:
                assert normalise_label(word) in labels[kind].aliases
    for part in ("totals", "authority", "seal_labels"):
        assert getattr(found, part) == tuple(normalise_label(word) for word in data[part])
    named = FormTemplate.parse(changed("application", "names", to=["某申请表", "另一表"]))
    assert named.names["application"] == ("某申请表", "另一表")
    del data["application"]["fields"]["phone"], data["ignore"][:]
    bare = {**data, "application": {k: v for k, v in data["application"].items() if k != "names"}}
    assert FormTemplate.parse(bare).names["application"] == ()


def changed(*path: str, to: Any) -> dict[str, Any]:
    data = cycles.form("2019-2020")
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"id": "x"}, "form template: 'application' is missing"),
        (changed("totals", to="合计"), "form template: '合计' is no list of texts"),
        (changed("totals", to=["合计", 3]), "form template: \"['合计', 3]\" is no list of texts"),
        (changed("application", "titles", to=["(申请表"]),
         "form template: '(申请表' is no pattern: "
         "missing ), unterminated subpattern at position 0"),
        (changed("application", "fields", "phone", to={"labels": ["电话", "企业名称"]}),
         "form template: '企业名称' means enterprise_name and phone"),
        (changed("application", "fields", "phone", to={}), "form template: 'labels' is missing"),
        (changed("application", to=[]),
         "form template: a table is missing or of another kind: "
         "list indices must be integers or slices, not str"),
    ],
)  # fmt: skip
def test_a_template_that_is_wrong_says_where(data: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        FormTemplate.parse(data)
    assert str(caught.value) == said


def test_a_field_outranks_that_its_word_is_ignored() -> None:
    data = cycles.form("2019-2020")
    data["ignore"].append("联系人")
    found = FormTemplate.parse(data).match_label("联系人")
    assert found is not None
    assert found.field == "contact"
    named = FormTemplate.parse(changed("application", "fields", "phone", to={
        "labels": [], "patterns": ["机.号"]}))  # fmt: skip
    assert named.match_label("机主号") == LabelMatch("phone", None, 0.9, "机主号")
    assert replace(named, names={}) != named
