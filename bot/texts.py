"""Every text that the chat says, in one catalogue (Simplified Chinese, plain text, no markup).

Placeholders are `str.format` fields; values are put in once, so braces in a name are harmless.
"""

# --- who are you -------------------------------------------------------------------------------
NOT_BOUND = (
    "您好。本账号尚未绑定，不能查询案件。\n"
    "请向系统管理员索取一次性邀请码，然后发送：\n绑定 邀请码（例：/bind ABCDE23456）"
)
BIND_IN_PRIVATE = "为避免邀请码外泄，请在与我的私聊中绑定；已在群里发出的邀请码请联系管理员作废。"
BIND_USAGE = "请连同邀请码一起发送，例：绑定 ABCDE23456。邀请码由系统管理员发放，只能使用一次。"
BOUND = (
    "绑定成功：{name}（{role}，{provinces}）。\n下一步：发送“待办”查看等您处理的案件。\n\n{help}"
)
ALREADY_BOUND = "本账号已绑定为{name}（{role}，{provinces}），无需再次绑定。\n下一步：发送“待办”。"
ROLE_NAMES = {
    "handler": "省级经办",
    "reviewer": "省级复核",
    "ncsc": "国家气候战略中心",
    "crc": "全国碳排放权注册登记机构",
    "operator": "系统管理员",
    "auditor": "审计（只读）",
}
ALL_PROVINCES = "全部省份"

# --- help --------------------------------------------------------------------------------------
HELP = (
    "可用命令（斜杠命令与中文均可）：\n"
    "/todo 待办 —— 等我处理的申请\n"
    "/status 查询 <案件号|信用代码|账户|企业名称的一部分>\n"
    "/case 案件 <案件号> —— 案件详情\n"
    "/confirm 确认 <案件号> —— 先显示数量，再确认\n"
    "/return 退回 <案件号> [原因] —— 退回申请\n"
    "/cancel 取消 —— 放弃正在进行的操作\n"
    "/help 帮助 —— 本说明\n"
    "案件号形如 CCER-2019-13-0007，大小写、全角均可。"
)
MENU = {
    "todo": "待办：等我处理的申请",
    "status": "查询：案件号、信用代码、账户或企业名称",
    "case": "案件详情",
    "confirm": "确认申请",
    "return": "退回申请",
    "cancel": "放弃正在进行的操作",
    "help": "全部命令",
    "bind": "用邀请码绑定本账号",
}
"""What the chat system lists beside the input line."""
SHORT_HELP = "没有看懂。发送“待办”看等您处理的案件，“查询 企业名称”查进度，“帮助”看全部命令。"
STATUS_USAGE = "请写明要查什么，例：查询 CCER-2019-13-0007，或：查询 企业名称的一部分。"
CASE_USAGE = "请写明案件号，例：案件 CCER-2019-13-0007。不记得案件号时，发送“查询 企业名称”。"
RETURN_USAGE = "请写明案件号和原因，例：退回 CCER-2019-13-0007 申请表未加盖公章。"
CANCELLED = "已取消，未作任何改动。\n下一步：发送“待办”查看等您处理的案件。"
IN_PRIVATE = "群聊中只显示案件号和进度。请在与我的私聊中办理。"
FAILED = (
    "系统暂时无法处理，结果尚不确定。\n"
    "下一步：请稍后重发；如在确认或退回，请先用“案件 案件号”核对是否已经办理。"
)
BAD_BUTTON = "按钮已失效。\n下一步：请发送“待办”重新开始。"
DOOR_PROXY = "机器人的代理须为 http:// 或 https:// 地址，请检查设置。"
DOOR_REFUSED = "Telegram 拒绝了机器人令牌。请检查设置中的令牌后重新启动。"
FILE_TOO_LARGE = "文件 {name} 超过聊天允许的大小，请在工作站用 clerk case show 查看。"

# --- lists -------------------------------------------------------------------------------------
NOTHING_FOUND = "没有找到相符的案件。\n下一步：请核对案件号或企业名称；本功能只能查到您负责的省份。"
FOUND = "找到 {count} 个案件："
FOUND_MORE = "仅列出前 {count} 个，请写得更具体一些。"
FOUND_NEXT = "下一步：点按案件号查看详情。"
FOUND_LINE = "{case_no} {name}\n　{province} · {stage}{since}"
SINCE = "（{moment} 起）"
GROUP_LINE = "{case_no} {stage}"
GROUP_TODO = "待办 {count} 项："
GROUP_NOTHING = "没有找到相符的案件。"
TODO_NONE = "没有等您处理的案件。\n下一步：有新申请时，系统会在此通知您。"
TODO_HEAD = "待办 {count} 项（先收到的在前）"
TODO_PAGE = "，第 {first}–{last} 项"
TODO_LINE = (
    "{index}. {case_no} 第{application}份 {name}\n　{what} · {amount} · 收件 {received}{mark}"
)
TODO_ERRORS = " · {count} 项不符"
TODO_DEADLINE = " · 截止 {moment}"
TODO_NEXT = "下一步：点按案件号查看并办理。"
MORE = "下一页"
UNREAD_AMOUNT = "数量未识读"

# --- one case ----------------------------------------------------------------------------------
CASE_HEAD = "{case_no} {name}\n{province} · {cycle} · {stage}"
CASE_USCC = "统一社会信用代码：{uscc}"
CASE_ACCOUNT = "一般持有账户：{account}"
CASE_CAP = "抵销上限：{cap}"
CASE_SUMS = "已确认 {confirmed}，已注销 {cancelled}，已生成 {credited}，已清缴 {surrendered}"
CASE_DEADLINE = "截止：{moment}"
APPLICATION_HEAD = "第{application}份申请（第{version}版）：{stage}"
APPLICATION_VALUES = "　应清缴量 {obligation}，申请抵销 {offset}，收件 {received}"
APPLICATION_CONFIRMED = "　{who} 于 {when} 确认 {amount}"
APPLICATION_RETURNED = "　{who} 于 {when} 退回：{reason}"
APPLICATION_UNCLEAR = "　待人工识读：{fields}"
FINDING = "　{mark}{message}（{clause}，{rule}）"
FINDING_PLAIN = "　{mark}{message}（{rule}）"
MARKS = {"error": "× ", "warning": "! ", "note": "· "}
CANCELLATION = "　注销 {quantity}，{project}，{when}，{status}"
CANCELLATIONS_HEAD = "注销记录 {count} 条："
PROOFS = "注销截图 {count} 份"
HISTORY_HEAD = "最近经过："
BY_MAIL = "邮件"
HISTORY_LINE = "　{when} {who}：{text}"
LETTERS = "信函 {count} 封，其中未送达 {open} 封"
NEXT = "下一步：{steps}"
BUTTON_CASE = "{case_no}"
BUTTON_CONFIRM_ASK = "确认…"
BUTTON_CONFIRM_ONE = "确认第{application}份…"
BUTTON_RETURN_ASK = "退回…"
BUTTON_RETURN_ONE = "退回第{application}份…"
APPLICATION_BUTTON = "第{application}份申请"
BUTTON_DOCUMENT = "第{application}份原件"
BUTTON_CANCEL = "取消"
DOCUMENT_SENT = (
    "{case_no} 第{application}份申请（第{version}版）原件如下。\n下一步：核对后可确认或退回。"
)

# --- confirm -----------------------------------------------------------------------------------
CONFIRM_PROMPT = (
    "请核对后确认：\n{case_no} 第{application}份申请（第{version}版）\n"
    "企业：{name}\n应清缴量：{obligation}\n申请抵销量：{offset}{cap}"
)
CONFIRM_CAP = "（上限 {cap}）"
CONFIRM_HOW = (
    "下一步：点按“确认 {offset}”，或发送：确认 {typed} 是 {number}。\n"
    "确认后系统向申请单位发出确认通知。"
)
BUTTON_CONFIRM = "确认 {offset}"
CONFIRM_BLOCKED = "目前不能确认：\n{why}\n下一步：可退回并说明原因，或先核对、更正识读结果。"
CONFIRM_UNCLEAR = "　以下内容尚未识读清楚：{fields}"
CONFIRM_WHICH = "{case_no} 有多份申请待确认，请选择一份："
NOT_WAITING = (
    "{case_no} 现在没有等待确认或退回的申请。\n{stages}\n下一步：发送“案件 {case_no}”查看详情。"
)
NO_SUCH_APPLICATION = (
    "{case_no} 没有第{application}份申请。\n下一步：发送“案件 {case_no}”查看详情。"
)
AMOUNT_DIFFERS = "您写的是 {typed}，而申请抵销量是 {offset}，因此没有确认。"
CONFIRMED_NEXT = "下一步：该单位应在 {deadline} 前完成自愿注销，并提交加盖公章的注销截图。"
CHANGED = "按钮对应的案件已有变化，未作任何改动。此后发生：\n{changes}"
CHANGED_VERSION = "　申请已更新为第{version}版"
REFUSED_NOW = "当前进度：{stage}。\n下一步：发送“案件 {case_no}”查看详情。"

# --- return ------------------------------------------------------------------------------------
RETURN_PROMPT = (
    "退回 {case_no} 第{application}份申请（第{version}版），{name}。\n请选择或写明退回原因。"
)
RETURN_HOW = (
    "下一步：点按下面的一项，或直接回复本消息写明原因，或发送：退回 {typed} 原因。"
    "系统会先请您核对，再通知申请单位。"
)
RETURN_REASONS_HEAD = "核查发现："
RETURN_REASON = "　{index}. {message}（{clause}）"
BUTTON_REASON = "以第{index}项退回"
BUTTON_ALL_REASONS = "以全部 {count} 项退回"
RETURN_WHICH = "{case_no} 有多份申请可以退回，请选择一份："
RETURN_DRAFT = "请核对后退回：\n{case_no} 第{application}份申请（第{version}版）\n企业：{name}\n"
RETURN_REASON_HEAD = "退回原因："
RETURN_DRAFT_NEXT = "下一步：点按“退回”，系统将把以上原因发给申请单位，由其改正后重新提交。"
BUTTON_RETURN = "退回"
REASON_TOO_LONG = "退回原因请控制在 {limit} 字以内（现为 {length} 字）。\n下一步：缩短后重新发送。"
REASON_LOST = (
    "原消息已读不到，退回原因不明，未作任何改动。\n下一步：请重新发送：退回 {case_no} 原因。"
)
RETURNED_NEXT = "下一步：该单位改正后重新提交时，会再次出现在您的待办中。"

# --- notices -----------------------------------------------------------------------------------
NOTICE_WAITS = "{case_no} {name}：{stage}。\n下一步：点按案件号查看并办理。"
NOTICE_MANY = "有 {count} 项新的提醒，第一项：\n{first}\n下一步：点按或发送“待办”逐项办理。"
BUTTON_TODO = "待办"

# --- terminal ----------------------------------------------------------------------------------
TERMINAL_HELLO = "以 {name}（{role}，{provinces}）的身份对话。发送“帮助”看命令，“退出”结束。"
TERMINAL_BUTTON = "  [{index}] {label}"
TERMINAL_FILE = "  （文件：{name}，{size} 字节）"
TERMINAL_BYE = "再见。"
