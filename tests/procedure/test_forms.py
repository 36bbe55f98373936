import pytest

import cycles
from procedure.errors import BadInput
from procedure.forms import FormKind, FormTemplate

TEMPLATE = FormTemplate.parse(cycles.form("2019-2020"))


@pytest.mark.parametrize(
    ("label", "field", "unit"),
    [
        ("企业名称", "enterprise_name", None),
        ("重点排放单位名称（盖章）", "enterprise_name", None),
        ("重点排放单位名称(盖章", "enterprise_name", None),
        ("一、申请单位名称", "enterprise_name", None),
        ("统一社会信用代码\n（18位）", "uscc", None),
        ("社会信用代码", "uscc", None),
        ("所属省（区、市）", "province", None),
        ("所在省份", "province", None),
        ("2019-2020年度应清缴配额总量(万吨CO2)", "obligation_t", "万吨"),
        ("2019—2020年应清\n缴配额总量（吨）", "obligation_t", "吨"),
        ("应清缴配额总量（2019-2020年度，吨）", "obligation_t", "吨"),
        ("第一个履约周期应清缴碳排放配额（tCO2）", "obligation_t", "吨"),
        ("拟抵销配额清缴量(\n万吨)", "offset_t", "万吨"),
        ("申请使用CCER抵销量（吨）", "offset_t", "吨"),
        ("拟使用CCER抵销应清缴配额的数量（吨）", "offset_t", "吨"),
        ("CCER注册登记系统一般持\n有账户", "account_no", None),
        ("一般持有账户账号：", "account_no", None),
        ("联 系 人：", "contact", None),
        ("联系方式", "phone", None),
        ("填报日期", "date", None),
        # Recognisers write the old form of the character now and then.
        ("塡报人", "contact", None),
    ],
)
def test_labels_of_the_form(label: str, field: str, unit: str | None) -> None:
    match = TEMPLATE.match_label(label)
    assert match is not None
    assert (match.field, match.unit) == (field, unit)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("2019-2020年度应清檄配额总量(万吨CO2)", "obligation_t"),
        ("一般侍有账户", "account_no"),
        ("统一社会信用代", "uscc"),
    ],
)
def test_slips_of_recognition(label: str, field: str) -> None:
    match = TEMPLATE.match_label(label)
    assert match is not None
    assert match.field == field
    assert match.score < 0.9
    assert TEMPLATE.match_label(label, fuzzy=False) is None


@pytest.mark.parametrize(
    "label",
    [
        "重点排放单位（公章）：",
        "单位（盖章）：",
        "省级生态环境主\n管部门意见",
        "（盖章） 年 月 日",
        "已清缴量",
        "抵销上限（吨）",
        "抵销比例",
        "抵销所用CCER",
        "法定代表人",
        "本单位承诺：所填信息真实、准确、完整，抵销比例不超过应清缴碳排放配额的5%。",
        "",
        "序号",
    ],
)
def test_what_is_no_label_of_ours(label: str) -> None:
    assert TEMPLATE.match_label(label) is None


@pytest.mark.parametrize(
    ("kind", "head", "field", "unit"),
    [
        ("application", "CCER项目名称", "name", None),
        ("application", "项目备案编号", "code", None),
        ("application", "使用数量（万吨）", "amount_t", "万吨"),
        ("cancellation", "项目备案号", "project_code", None),
        ("cancellation", "编码区间", "serial", None),
        ("cancellation", "注销数量(tCO2e)", "quantity_t", "吨"),
        ("cancellation", "业务类型", "operation", None),
        ("cancellation", "办理状态", "status", None),
        ("cancellation", "完成时间", "time", None),
    ],
)
def test_columns(kind: FormKind, head: str, field: str, unit: str | None) -> None:
    match = TEMPLATE.match_column(head, kind)
    assert match is not None
    assert (match.field, match.unit) == (field, unit)


def test_value_behind_its_label() -> None:
    for text in ("申请日期：2021 年 11 月 24 日", "申请日期 2021 年 11 月 24 日"):
        found = TEMPLATE.split_label(text)
        assert found is not None
        assert (found[0].field, found[1]) == ("date", "2021 年 11 月 24 日")
    found = TEMPLATE.split_label("账户编号： CN-100-1", "cancellation")
    assert found is not None
    assert (found[0].field, found[1]) == ("account_no", "CN-100-1")
    assert TEMPLATE.split_label("重点排放单位（公章）：") is None


def test_several_pairs_in_one_text() -> None:
    pairs = TEMPLATE.split_pairs("联系人：顾 言  电话：0571-88001234 日期：2021-11-03")
    assert [(match.field, value) for match, value in pairs] == [
        ("contact", "顾 言"),
        ("phone", "0571-88001234"),
        ("date", "2021-11-03"),
    ]
    times = TEMPLATE.split_pairs("操作时间：2021-12-11 10:25:08", "cancellation")
    assert [value for _, value in times] == ["2021-12-11 10:25:08"]


def test_kinds_of_pages() -> None:
    title = ["全国碳市场第一个履约周期重点排放单位使用CCER抵销配额清缴", "申请表"]
    assert TEMPLATE.document_kind(title) == "application"
    assert (
        TEMPLATE.document_kind(["企业名称", "统一社会信用代码", "联系人", "电话"]) == "application"
    )
    shot = ["国家自愿减排和排放权交易注册登记系统", "账户名称：某", "自愿注销数量"]
    assert TEMPLATE.document_kind(shot) == "cancellation"
    misread = ["自愿减球注册登记系统", "2021-12-11 15:08", "2021-12-11 15:09"]
    assert TEMPLATE.document_kind(misread) == "cancellation"
    in_one_cell = ["自愿减排注册登记系统", "账户编号3025", "注销数量106,833", "操作类型自愿注销"]
    assert TEMPLATE.document_kind(in_one_cell) == "cancellation"
    account = ["自愿减排注册登记系统", "自愿注销", "账户名称", "账户编号", "账户状态", "开户日期"]
    assert TEMPLATE.document_kind(account) == "other"
    holdings = ["自愿减排注册登记系统", "项目编号", "项目名称", "持有数量", "可用数量"]
    assert TEMPLATE.document_kind(holdings) == "other"
    assert TEMPLATE.document_kind(["关于开会的通知", "请各部门参加"]) == "other"


def test_totals_and_the_provinces_block() -> None:
    assert TEMPLATE.is_total("合 计（吨）")
    assert not TEMPLATE.is_total("合计人数")
    assert TEMPLATE.is_authority("省级生态环境主\n管部门意见")
    assert TEMPLATE.is_seal_label("重点排放单位（公章）：")
    assert not TEMPLATE.is_seal_label("单位名称（盖章）")


def test_a_template_that_contradicts_itself_is_refused() -> None:
    data = cycles.form("2019-2020")
    data["application"]["fields"]["phone"]["labels"].append("企业名称")
    with pytest.raises(BadInput, match="means"):
        FormTemplate.parse(data)
    with pytest.raises(BadInput, match="missing"):
        FormTemplate.parse({"id": "x"})
