"""Every text that the chat says: plain text, no markup. Other languages: `cycles/languages`.

Placeholders are `str.format` fields; values are put in once, so braces in a name are harmless.
"""

from procedure.language import _, n_

# --- figures ---------------------------------------------------------------------------------
TONNES = _("{amount} 吨")
BETWEEN = _("、")
"""What stands between the items of a list in one line."""

# --- who are you -------------------------------------------------------------------------------
NOT_BOUND = _(
    "您好。本账号尚未绑定，不能查询案件。\n"
    "请向系统管理员索取一次性邀请码，然后在与我的私聊中发送：\n绑定 邀请码（例：/bind ABCDE23456）"
)
BIND_IN_PRIVATE = _(
    "为避免邀请码外泄，请在与我的私聊中绑定；已在群里发出的邀请码请联系管理员作废。"
)
BIND_USAGE = _("请连同邀请码一起发送，例：绑定 ABCDE23456。邀请码由系统管理员发放，只能使用一次。")
BOUND = _("绑定成功：{name}（{role}，{provinces}）。")
ALREADY_BOUND = _("本账号已绑定为{name}（{role}，{provinces}），无需再次绑定。")
ROLE_NAMES = {
    "handler": _("省级经办"),
    "reviewer": _("省级复核"),
    "ncsc": _("国家气候战略中心"),
    "crc": _("全国碳排放权注册登记机构"),
    "operator": _("系统管理员"),
    "auditor": _("审计（只读）"),
}
ALL_PROVINCES = _("全部省份")

# --- help --------------------------------------------------------------------------------------
HELP = _(
    "可用命令（斜杠命令与中文均可）：\n"
    "/todo 待办 —— 等我处理的申请\n"
    "/status 查询 <案件号|信用代码|账户|企业名称的一部分>\n"
    "/case 案件 <案件号> —— 案件详情\n"
    "/confirm 确认 <案件号> —— 先显示数量，再确认\n"
    "/return 退回 <案件号> [原因] —— 退回申请\n"
    "/correct 更正 <案件号> [栏目 值] —— 按原件更正识读结果\n"
    "/find 查找 <名称或拼音首字母> —— 名称写错也能找到\n"
    "/tray 待处理 [序号] —— 系统无法归类的来件\n"
    "/assign 归入 <序号> <案件号或单位> —— 归入案件\n"
    "/dismiss 不予归入 <序号> <说明> —— 不作申请材料处理\n"
    "/digest 汇总 [省份] —— 周汇总、日报及送达情况\n"
    "/deadline 期限 —— 各项截止时间\n"
    "/stats 统计 —— 各阶段案件数量\n"
    "/mute 静音 [22:00-07:30|2小时|关] —— 提醒的免打扰时间\n"
    "/language 语言 [中文|English] —— 用哪种语言答复\n"
    "/cancel 取消 —— 放弃正在进行的操作\n"
    "/help 帮助 —— 本说明\n"
    "案件号形如 CCER-2019-13-0007，大小写、全角均可。"
)
MENU = {
    "todo": _("待办：等我处理的申请"),
    "status": _("查询：案件号、信用代码、账户或企业名称"),
    "case": _("案件详情"),
    "confirm": _("确认申请"),
    "return": _("退回申请"),
    "correct": _("按原件更正识读结果"),
    "find": _("按名称或拼音首字母查找"),
    "tray": _("系统无法归类的来件"),
    "assign": _("把待处理的来件归入案件"),
    "dismiss": _("待处理的来件不予归入"),
    "digest": _("周汇总、日报及送达情况"),
    "deadline": _("各项截止时间"),
    "stats": _("各阶段案件数量"),
    "mute": _("提醒的免打扰时间"),
    "language": _("用哪种语言答复"),
    "cancel": _("放弃正在进行的操作"),
    "help": _("全部命令"),
    "bind": _("用邀请码绑定本账号"),
}
"""What the chat system lists beside the input line."""
NEXT_MARK = _("下一步")
BIND_NEXT = _("下一步：从系统管理员处得到新的邀请码后，在与我的私聊中发送：绑定 邀请码")
ERROR_NEXT = _("下一步：发送“待办”查看等您处理的案件，或“帮助”查看用法。")
LOOK_NEXT = _("下一步：发送“查询 企业名称”查看进度，或“帮助”查看用法。")
ANSWER_AGAIN = _("下一步：回复本消息重新填写，或发送“取消”。")
SHORT_HELP = _("没有看懂。发送“待办”看等您处理的案件，“查询 企业名称”查进度，“帮助”看全部命令。")
STATUS_USAGE = _("请写明要查什么，例：查询 CCER-2019-13-0007，或：查询 企业名称的一部分。")
CASE_USAGE = _("请写明案件号，例：案件 CCER-2019-13-0007。不记得案件号时，发送“查询 企业名称”。")
RETURN_USAGE = _("请写明案件号和原因，例：退回 CCER-2019-13-0007 申请表未加盖公章。")
CANCELLED = _("已取消，未作任何改动。\n下一步：发送“待办”查看等您处理的案件。")
IN_PRIVATE = _("群聊中只显示案件号和进度。请在与我的私聊中办理。")
FAILED = _(
    "系统暂时无法处理，结果尚不确定。\n"
    "下一步：请稍后重发；如在确认或退回，请先用“案件 案件号”核对是否已经办理。"
)
BAD_BUTTON = _("按钮已失效。\n下一步：请发送“待办”重新开始。")
DOOR_PROXY = _("机器人的代理须为 http:// 或 https:// 地址，请检查设置。")
DOOR_WEBHOOK = _(
    "机器人的 webhook 须有 https:// 地址、监听地址（host:port）和由字母、数字、_、- 组成的密钥。"
)
DOOR_REFUSED = _("Telegram 拒绝了机器人令牌。请检查设置中的令牌后重新启动。")
FILE_TOO_LARGE = _("文件 {name} 超过聊天允许的大小，请在工作站用 clerk case show 查看。")

# --- lists -------------------------------------------------------------------------------------
NOTHING_FOUND = _(
    "没有找到相符的案件。\n下一步：请核对案件号或企业名称；本功能只能查到您负责的省份。"
)
FOUND = n_("找到 {count} 个案件：")
FOUND_MORE = n_("仅列出前 {count} 个，请写得更具体一些。")
FOUND_NEXT = _("下一步：点按案件号查看详情。")
FOUND_LINE = _("{case_no} {name}\n　{province} · {stage}{since}")
SINCE = _("（{moment} 起）")
GROUP_LINE = _("{case_no} {stage}")
GROUP_TODO = n_("待办 {count} 项：")
GROUP_NOTHING = _("没有找到相符的案件。")
TODO_NEVER = _("您的角色不办理案件。")
TODO_NONE = _("没有等您处理的案件。\n下一步：有新申请时，系统会在此通知您。")
TODO_HEAD = n_("待办 {count} 项（先收到的在前）")
TODO_PAGE = _("，第 {first}–{last} 项")
TODO_LINE = _(
    "{index}. {case_no} 第{application}份 {name}\n　{what} · {amount} · 收件 {received}{mark}"
)
TODO_ERRORS = n_(" · {count} 项不符")
TODO_DEADLINE = _(" · 截止 {moment}")
TODO_NEXT = _("下一步：点按案件号查看并办理。")
LESS, MORE = _("上一页"), _("下一页")
UNREAD_AMOUNT = _("数量未识读")

# --- one case ----------------------------------------------------------------------------------
CASE_HEAD = _("{case_no} {name}\n{province} · {cycle} · {stage}")
CASE_USCC = _("统一社会信用代码：{uscc}")
CASE_ACCOUNT = _("一般持有账户：{account}")
CASE_CAP = _("抵销上限：{cap}")
CASE_SUMS = _("已确认 {confirmed}，已注销 {cancelled}，已生成 {credited}，已清缴 {surrendered}")
CASE_DEADLINE = _("截止：{moment}")
APPLICATION_HEAD = _("第{application}份申请（第{version}版）：{stage}")
APPLICATION_VALUES = _("　应清缴量 {obligation}，申请抵销 {offset}，收件 {received}")
APPLICATION_CONFIRMED = _("　{who} 于 {when} 确认 {amount}")
APPLICATION_RETURNED = _("　{who} 于 {when} 退回：{reason}")
APPLICATION_UNCLEAR = _("　待人工识读：{fields}")
FINDING = _("　{mark}{message}（{clause}，{rule}）")
FINDING_PLAIN = _("　{mark}{message}（{rule}）")
MARKS = {"error": _("× "), "warning": _("! "), "note": _("· ")}
CANCELLATION = _("　注销 {quantity}，{project}，{when}，{status}")
CANCELLATIONS_HEAD = n_("注销记录 {count} 条：")
PROOFS = n_("注销截图 {count} 份")
HISTORY_HEAD = _("最近经过：")
HISTORY_LINE = _("　{when} {who}：{text}")
LETTERS_SENT = n_("信函 {count} 封，均已发出")
LETTERS = n_("信函 {count} 封，其中尚未送达 {open} 封")
NEXT = _("下一步：{steps}")
BUTTON_CASE = _("{case_no}")
BUTTON_CONFIRM_ASK = _("确认…")
BUTTON_CONFIRM_ONE = _("确认第{application}份…")
BUTTON_RETURN_ASK = _("退回…")
BUTTON_RETURN_ONE = _("退回第{application}份…")
APPLICATION_BUTTON = _("第{application}份申请")
BUTTON_DOCUMENT = _("第{application}份原件")
BUTTON_CANCEL = _("取消")
DOCUMENT_SENT = _("{case_no} 第{application}份申请（第{version}版）原件如下。")
DOCUMENT_NEXT = _("下一步：核对后可确认或退回。")

# --- confirm -----------------------------------------------------------------------------------
CONFIRM_PROMPT = _(
    "请核对后确认：\n{case_no} 第{application}份申请（第{version}版）\n"
    "企业：{name}\n应清缴量：{obligation}\n申请抵销量：{offset}{cap}"
)
CONFIRM_CAP = _("（上限 {cap}）")
CONFIRM_HOW = _("下一步：点按“确认 {offset}”，或发送：确认 {typed} 是 {number}。")
CONFIRM_TELLS = _("确认后系统向申请单位发出确认通知。")
BUTTON_CONFIRM = _("确认 {offset}")
CONFIRM_BLOCKED = _("目前不能确认：\n{why}\n下一步：可退回并说明原因，或先核对、更正识读结果。")
CONFIRM_UNCLEAR = _("　以下内容尚未识读清楚：{fields}")
CONFIRM_WHICH = _("{case_no} 有多份申请待确认，请选择一份：")
NOT_WAITING = _(
    "{case_no} 现在没有等待确认或退回的申请。\n{stages}\n下一步：发送“案件 {case_no}”查看详情。"
)
NO_SUCH_APPLICATION = _(
    "{case_no} 没有第{application}份申请。\n下一步：发送“案件 {case_no}”查看详情。"
)
NOT_LOOKED = _("您尚未看过本案的现状，因此没有确认。请先核对：")
CHANGED_SINCE_LOOK = _("您上次查看之后案件有变化，因此没有确认。此后发生：\n{changes}")
PROPOSED = {
    "confirm": _("　{who} 于 {when} 建议确认，待另一位复核人员核准"),
    "return": _("　{who} 于 {when} 建议退回：{reason}，待另一位复核人员核准"),
}
TWO_PERSONS = _("按本单位规定须由两人办理：第一人的意见记为建议，由另一位复核人员核准后生效。")
APPROVES = _("您照此办理即为核准 {who} 的建议，立即生效。")
WAITS_FOR_SECOND = _("此建议已经提出，须由提出人以外的复核人员核准。")
PROPOSED_NEXT = _("下一步：等待另一位复核人员核准；核准前可提出不同的意见。")
BUTTON_APPROVE_RETURN = _("按 {who} 的建议退回")
AMOUNT_DIFFERS = _("您写的是 {typed}，而申请抵销量是 {offset}，因此没有确认。")
CONFIRMED_NEXT = _("下一步：该单位应在 {deadline} 前完成自愿注销，并提交加盖公章的注销截图。")
CONFIRMED_LATE = _(
    "注意：自愿注销截止时间 {deadline} 已过。\n"
    "下一步：请与该单位核对是否已按时注销，并提交加盖公章的注销截图。"
)
CANCEL_PASSED = _("注意：自愿注销截止时间 {deadline} 已过，确认后该单位已不能按时注销。")
CHANGED = _("按钮对应的案件已有变化，未作任何改动。此后发生：\n{changes}")
DONE_BEFORE = _("您已办理过下列事项，本次点按未再作任何改动：\n{changes}")
CHANGED_VERSION = _("　申请已更新为第{version}版")
REFUSED_NOW = _("当前进度：{stage}。\n下一步：发送“案件 {case_no}”查看详情。")

# --- return ------------------------------------------------------------------------------------
RETURN_PROMPT = _(
    "退回 {case_no} 第{application}份申请（第{version}版），{name}。\n请选择或写明退回原因。"
)
RETURN_HOW = _(
    "下一步：点按下面的一项，或直接回复本消息写明原因，或发送：退回 {typed} 原因。"
    "系统会先请您核对，再通知申请单位。"
)
RETURN_HOW_FREE = _(
    "下一步：直接回复本消息写明原因，或发送：退回 {typed} 原因；不退回则发送“取消”。"
    "系统会先请您核对，再通知申请单位。"
)
RETURN_REASONS_HEAD = _("核查发现：")
RETURN_REASON = _("　{index}. {message}（{clause}）")
BUTTON_REASON = _("以第{index}项退回")
BUTTON_ALL_REASONS = n_("以全部 {count} 项退回")
RETURN_WHICH = _("{case_no} 有多份申请可以退回，请选择一份：")
RETURN_DRAFT = _("请核对后退回：\n{case_no} 第{application}份申请（第{version}版）\n企业：{name}\n")
RETURN_REASON_HEAD = _("退回原因：")
RETURN_MARK = _("〔退回 {case_no} 第{application}份 第{version}版 #{seq}〕")
"""A mark says what was shown and is read back: brackets around it, on a line of its own."""
RETURN_DRAFT_NEXT = _(
    "下一步：点按“退回”，系统将把以上原因发给申请单位，由其改正后重新提交；"
    "要改原因，回复本消息写明。"
)
RETURN_DRAFT_PROPOSES = _(
    "下一步：点按“退回”，以上原因记为建议，由另一位复核人员核准后才发给申请单位；"
    "要改原因，回复本消息写明。"
)
BUTTON_RETURN = _("退回")
REASON_TOO_LONG = _("退回原因请控制在 {limit} 字以内（现为 {length} 字）。")
REASON_LOST = _(
    "原消息已读不到，退回原因不明，未作任何改动。\n下一步：请重新发送：退回 {case_no} 原因。"
)
RETURNED_NEXT = _("下一步：该单位改正后重新提交时，会再次出现在您的待办中。")

# --- correct -----------------------------------------------------------------------------------
NO_VALUE = _("（无）")
"""What says in a draft, or is typed for, that the paper has nothing there."""
ROW_FIELD = _("第{row}行{field}")
CORRECT_PROMPT = _("更正 {case_no} 第{application}份申请（第{version}版），{name}。现有内容：")
CORRECT_LINE = _("　{field}：{value}")
CORRECT_UNCLEAR = _("　? {field}：{value}（待人工识读）")
CORRECT_HOW = _(
    "下一步：点按要更正的栏目，或发送：更正 {typed} 栏目 值（例：更正 {typed} 申请抵销量 6182）。"
    "联系人和电话请在工作站更正。"
)
CORRECT_NO_FIELD = _("没有找到“{typed}”所指的栏目。")
CORRECT_NONE = _("{case_no} 没有可以更正的申请。\n下一步：发送“案件 {case_no}”查看详情。")
CORRECT_WHICH = _("{case_no} 有多份申请，请选择要更正的一份：")
CORRECT_QUESTION = _("{case_no} 第{application}份申请（第{version}版）的“{field}”，现为：{value}")
CORRECT_REGISTRY = _("登记数据：{value}")
CORRECT_VALUE_HOW = _(
    "下一步：按原件点按下面的一项，或回复本消息写明原件上的内容（原件上没有则写“无”）。"
    "系统会先请您核对。"
)
CORRECT_VALUE_FREE = _(
    "下一步：回复本消息写明原件上的内容（原件上没有则写“无”）。系统会先请您核对。"
)
BUTTON_VALUE = _("{value}")
CORRECT_DRAFT = _(
    "请核对后更正：\n{case_no} 第{application}份申请（第{version}版）\n栏目：{field}\n原为：{old}"
)
CORRECT_VALUE_HEAD = _("更正为：")
CORRECT_MARK = _("〔更正 {case_no} 第{application}份 第{version}版 #{seq} 栏{field}〕")
CORRECT_DRAFT_NEXT = _(
    "下一步：点按“更正该栏目”，系统保留原内容，并重新核查该申请；要改内容，回复本消息写明。"
)
# More than the one word: that is what digests call a correction, another word in English.
BUTTON_CORRECT = _("更正该栏目")
BUTTON_CORRECT_ASK = _("更正…")
BUTTON_CORRECT_MORE = _("继续更正…")
CORRECTED_NEXT = _("下一步：点按案件号查看重新核查的结果，或继续更正。")
VALUE_TOO_LONG = _("内容须为 1 至 {limit} 字。")
VALUE_LOST = _("原消息已读不到，未作任何改动。\n下一步：请重新发送：更正 {case_no} 栏目 值。")

# --- evidence ----------------------------------------------------------------------------------
OVERLAY_SENT = _("{case_no} 的识读结果：绿色已采信，橙色待人工核对，红色有矛盾。")
OVERLAY_NEXT = _("下一步：核对后可确认或退回；识读有误的，点按“更正…”。")
OVERLAY_NONE = _("{case_no} 的文件没有页面图像（如 Word 文件）。\n下一步：请查看原件。")
OVERLAY_FILE = _("识读-第{page}页.png")
SEALS_HEAD = n_("{case_no} 的文件上找到 {count} 枚印章：")
SEAL_LINE = _("　{number}. 印文：{ring}（{verdict}）")
SEAL_SAME = _("与单位名称一致")
SEAL_OTHER = _("与单位名称不一致")
SEAL_UNKNOWN = _("未能比对")
SEAL_UNREAD = _("未能识读")
SEAL_FILE = _("印章{number}")
SEALS_REGISTRY = _("登记名称：{name}")
SEALS_PROVE = _("图像只能说明印章存在及印文，不能证明真伪。")
SEALS_UNSEEN = _("没有可显示的印章图像，请查看原件。")
SEALS_NEXT = _("下一步：核对后可确认、更正或退回。")
BUTTON_OVERLAY = _("第{application}份识读图")
BUTTON_SEALS = _("第{application}份印章")
BUTTON_PROOF = _("注销截图{proof}识读图")

# --- tray --------------------------------------------------------------------------------------
TRAY_NONE = _("没有等您处理的来件。")
TRAY_OTHERS = _(
    "（此处只列能确定属于您负责省份的来件；不能确定省份的，"
    "由系统管理员或负责本系统全部省份的人员处理，可向其询问。）"
)
TRAY_HEAD = n_("待处理 {count} 项（先收到的在前）")
TRAY_LINE = _("第{item}项 {since} {text}\n　主题：{subject}")
TRAY_NEXT = _("下一步：点按一项查看，或发送：待处理 序号。")
TRAY_FROM = _("　发件人：{sender}")
TRAY_TEXT = _("　正文：{text}")
TRAY_READ = _("　识读：{kind}，{name}{problem}")
KINDS = {"application": _("申请表"), "cancellation": _("注销截图"), "other": _("其他文件")}
TRAY_LOOK_NEXT = _(
    "下一步：归入案件（归入 {item} 案件号或单位名称），或不予归入（不予归入 {item} 说明）。"
)
BUTTON_ITEM = _("第{item}项")
BUTTON_ASSIGN_ASK = _("归入…")
BUTTON_DISMISS_ASK = _("不予归入…")
ASSIGN_PROMPT = _("归入第{item}项：下一步，请回复本消息，写明案件号、信用代码或名录中的单位名称。")
DISMISS_PROMPT = _("第{item}项不予归入：下一步，请回复本消息，写明处理说明。")
ASSIGN_USAGE = _("请写明序号和案件号或单位，例：归入 3 CCER-2019-13-0007。")
DISMISS_USAGE = _("请写明序号和处理说明，例：不予归入 3 广告邮件。")
ASSIGN_NO_DOCUMENT = _("第{item}项没有可归入的文件。\n下一步：发送“不予归入 {item} 说明”了结此项。")
ASSIGN_DRAFT = _("请核对后归入：\n{line}\n单位：{name}")
TARGET_HEAD = _("归入案件或单位：")
ASSIGN_DRAFT_NEXT = _(
    "下一步：点按文件种类，归入后系统会告知发件人；要改归入何处，回复本消息写明。"
)
BUTTON_ASSIGN = _("归入（按识读的种类）")
BUTTON_ASSIGN_FORM = _("作为申请表归入")
BUTTON_ASSIGN_PROOF = _("作为注销截图归入")
DISMISS_DRAFT = _("请核对，此项将不予归入：\n{line}")
NOTE_HEAD = _("处理说明：")
DISMISS_DRAFT_NEXT = _("下一步：点按“不予归入”；要改说明，回复本消息写明。")
BUTTON_DISMISS = _("不予归入")
DISMISSED = _("第{item}项已了结，不予归入。\n下一步：发送“待处理”查看其余各项。")
ASSIGN_MARK = _("〔待处理 第{item}项 归入〕")
DISMISS_MARK = _("〔待处理 第{item}项 不予归入〕")
TRAY_GONE = _("未作任何改动。\n下一步：发送“待处理”查看其余各项。")
ASSIGN_FAILED = _("未作任何改动。\n下一步：改正后重新发送：归入 {item} 案件号或单位名称。")
ASSIGNED_NEXT = _("下一步：点按案件号查看，或发送“待处理”查看其余各项。")
DRAFT_LOST = _("原消息已读不到，未作任何改动。\n下一步：请重新发送“待处理”。")

# --- digests -----------------------------------------------------------------------------------
DIGEST_KINDS = {"weekly": _("周汇总"), "daily": _("日报"), "national": _("全国日报")}
DELIVERY = {
    "waiting": _("待发送"),
    "sent": _("已送达"),
    "deferred": _("暂缓，将重试"),
    "failed": _("未送达"),
}
DIGEST_HEAD = n_("汇总 {count} 份（新的在前）")
DIGEST_NONE = _("还没有汇总。")
NO_PROVINCE = _(
    "没有名为“{said}”的省份。\n下一步：发送“汇总 河北”预览该省下一份，或“汇总”查看各份。"
)
DIGEST_LINE = _("{index}. {kind} {province} {period}{supplement} · {rows} 行 · {delivery}{late}")
SUPPLEMENT = _(" 补充{number}")
DIGEST_LATE = _(" · 迟发")
DIGEST_NEXT = _("下一步：点按查看文件；预览只显示截至现在的内容，不发送。")
DIGEST_NEXT_NONE = _("下一步：发送“汇总 省份”预览该省下一份，只显示截至现在的内容，不发送。")
DIGEST_MADE = _("{line}\n生成：{made}\n收件：{to}")
DIGEST_FILES = _("文件如下。\n下一步：发送“汇总”查看其他各份。")
DIGEST_UNSENT = _("文件如下。\n下一步：请系统管理员核对邮箱后重发：clerk digest resend {key}")
DIGEST_TEXT_FILE = _("汇总.txt")
BUTTON_DIGEST = _("第{index}份")
BUTTON_PREVIEW = _("预览{province}{kind}")
PREVIEW_ASK = _("{province}：下一步，请选择要预览的一种。")
PREVIEWED = _("{province}{kind}预览（{rows} 行），未保存也未发送。\n下一步：到时间由系统自动发送。")

# --- deadlines and figures -----------------------------------------------------------------------
TERMS = {
    "apply": _("申请截止（{clause}，含当日）"),
    "weekly": _("下次周汇总（{clause}）"),
    "cancel": _("自愿注销截止（{clause}）"),
    "comply": _("清缴截止"),
}
TERM = _("　{name}：{at}{left}")
TERM_PASSED = _("（已过）")
TERM_TODAY = _("（今天）")
TERM_LEFT = n_("（还有 {count} 个工作日）")
DEADLINE_ZONE = _("时间均为北京时间。")
STATS_NONE = _("还没有案件。\n下一步：有新申请时，系统会在此通知您。")
STATS_HEAD = n_("{cycle}：案件 {count} 个")
STATS_LINE = _("　{name} {count}")
STATS_PROVINCES = _("各省：")
STATS_OTHERS = _("其余各省")
SEE_TODO = _("下一步：发送“待办”查看等您处理的案件。")
CHART_FILE = _("统计.png")

# --- notices -----------------------------------------------------------------------------------
NOTICE_WAITS = _("{case_no} {name}：{stage}。\n下一步：点按案件号查看并办理。")
NOTICE_PROPOSED = _("{case_no} {name}：{what}。\n下一步：点按案件号查看并核准或另行处理。")
NOTICE_MANY = n_("有 {count} 项新的提醒：\n{lines}\n下一步：点按或发送“待办”逐项办理。")
NOTICE_LINE = _("· {text}")
NOTICE_MORE = n_("另有 {count} 件待办。")
BUTTON_TODO = _("待办")

MUTE_USAGE = _("下一步：发送“静音 22:00-07:30”“静音 2小时”或“静音 关”。")
MUTE_UNREAD = _("没有看懂“{typed}”。")
MUTE_HOURS = _("每天 {first} 至 {last}（北京时间）不提醒。")
MUTE_UNTIL = _("{moment} 前不提醒。")
MUTE_NONE = _("随时提醒。")
MUTE_NEXT = _("下一步：其间的提醒不会丢失，过后一并发送；发送“静音 关”恢复随时提醒。")

# --- language ----------------------------------------------------------------------------------
LANGUAGES = {"zh_CN": "中文", "en": "English"}
"""Each is called by its own name, whichever is spoken."""
LANGUAGE_NOW = _(
    "现在用{name}答复。\n下一步：点按要用的语言，或发送“语言 中文”“language English”。"
)
LANGUAGE_SET = _(
    "以后用中文答复。来信和申请人填写的内容保持原文。\n下一步：发送“待办”查看等您处理的案件。"
)

# --- decisions by mail ---------------------------------------------------------------------------
MAIL_AGAIN = _("案件现况将另函通知，届时请回复新的通知。")
MAIL_LOOKED = _(
    "以上为回信时的情况。可再来信：待办、查询 名称、案件 案件号、汇总、期限、统计；"
    "确认或退回请直接回复系统发给您的待处理通知。"
)
MAIL_NOT_DONE = _("未执行任何处理意见：{why}")
MAIL_REFUSED = _("{case_no} 第 {application} 份申请未处理：{why}")
MAIL_BLOCKED = _("可回复“退回”加原因；识读有误的，请在聊天或工作站更正后再确认。")
MAIL_NO_ORDER = _("最上面一行没有“确认”或“退回”，请按通知中的格式重新回复。")
MAIL_WHICH = _("通知中有 {count} 项，请写明是第几项，例：确认 1。")
MAIL_NO_ITEM = _("通知中没有唯一的一项对应“{item}”，请核对后重新回复。")
MAIL_TWICE = _("同一项有不止一个意见，请核对后重新回复。")
MAIL_CONDITION = _(
    "“确认”之外另有文字“{words}”，系统不能判断是否附有条件。请只写“确认”，或写“退回”加原因。"
)
MAIL_AMOUNT = _("写明的 {amount}与申请抵销量不一致，请核对后重新回复。")
MAIL_TOO_LONG = _("退回原因请控制在 {limit} 字以内，请缩短后重新回复。")

# --- chats without buttons ---------------------------------------------------------------------
CHOICES = _("（本聊天没有按钮：“点按”即回复下列字母）")
CHOICE = _("　回复 {code} {label}")
FILES_ELSEWHERE = _("文件 {names} 不能在此聊天中发送，请在工作站查看。")
FILES_LATER = _("文件 {names} 暂时未能发送，请稍后再试，或在工作站查看。")
WORKING = _("正在处理……")

# --- terminal ----------------------------------------------------------------------------------
TERMINAL_HELLO = _("以 {name}（{role}，{provinces}）的身份对话。发送“帮助”看命令，“退出”结束。")
TERMINAL_BUTTON = _("  [{index}] {label}")
TERMINAL_FILE = _("  （文件：{name}，{size} 字节）")
TERMINAL_UNKEPT = _("{name} 未能保存：{why}")
TERMINAL_BYE = _("再见。")
