"""The demo's day, Friday 2021-11-26: what is done when, and by whom."""

from collections.abc import Callable
from datetime import timedelta

from casework import people, views
from clerk.commands.common import OPERATOR
from clerk.demo import data, mails
from clerk.demo.data import at
from clerk.demo.mails import DemoMail
from clerk.demo.result import Step
from clerk.demo.stage import Stage
from procedure.registry import RegistryKind
from store.rows import Person

Say = Callable[[str], None]
LISTS: tuple[RegistryKind, ...] = ("entities", "accounts", "holdings", "projects")
OVER = "申请量超过应清缴配额的5%，请按上限修改后重新报送。"
FOREIGN = "公章不是本单位的，请加盖本单位公章后重新报送。"


class Day:
    """Plays the day; ``steps`` tells it afterwards."""

    def __init__(self, stage: Stage, say: Say) -> None:
        self.stage, self._say = stage, say
        self.steps: list[Step] = []
        self.world = data.world()
        self.posted: list[DemoMail] = []
        self.staff = {
            one.provinces[0]: Person(one.name, one.role, one.provinces) for one in data.STAFF
        }

    def play(self) -> None:
        """All of it, in order."""
        self._morning()
        self._decisions()
        self._corrected()
        self._mail(mails.proofs(self.world), "收到注销截图", "附件3 §2 step 5")
        self._closing()
        self._after()

    def case_of(self, number: int) -> str:
        """The case of entity ``number``, "" where it has none."""
        name = self.world.entities[number].name
        found = views.listed(self.stage.house.desk, OPERATOR)
        return next((line.case_no for line in found if line.entity_name == name), "")

    def _tell(self, title: str, detail: str, clause: str = "") -> None:
        self.steps.append(Step(title, detail, self.stage.house.now(), clause))
        self._say(f"{title}：{detail}")

    def _morning(self) -> None:
        for kind in LISTS:
            self.stage.load(kind)
        for one in data.STAFF:
            people.invite(self.stage.house.desk, OPERATOR, one.name, one.role, one.provinces)
        self._tell("导入登记信息", "重点排放单位、一般持有账户、持有量、项目清单")
        self.stage.begin(at(17, 0) - timedelta(days=1))
        self._tell("导入注销记录", "截至昨日无注销；今日启用，以前各期无需补报")
        self._mail(mails.applications(self.world), "收到申请", "附件3 §2 step 3")

    def _mail(self, some: tuple[DemoMail, ...], title: str, clause: str) -> None:
        for one in some:
            self.stage.post(one)
        self.posted += some
        self._tell(title, f"{len(some)} 封来信经 SMTP 收下，落盘后才答复 250", clause)
        count = 0
        while done := self.stage.work():
            count += done
            self._say(f"  识读并核对 [{count}/{len(some)}] ……")

    def _decisions(self) -> None:
        self.stage.at(at(9, 40))
        self.stage.say(self.staff["13"], "待办")
        for number in (0, 1, 2, 4):
            self._decide(number, "确认")
        self.stage.at(at(10, 15))
        self._decide(3, "退回", OVER)
        self._decide(5, "退回", FOREIGN)
        done = "经办人员在对话中逐件确认或退回，企业随即收到通知"
        self._tell("省级确认", done, "附件3 §2 step 4")

    def _decide(self, number: int, word: str, reason: str = "") -> None:
        """Typed in the chat, then the button of the same name is tapped."""
        person = self.staff[self.world.entities[number].province]
        self.stage.say(person, f"{word} {self.case_of(number)} {reason}".strip(), tap=word)

    def _corrected(self) -> None:
        self._mail(mails.corrections(self.world), "修改后重报", "附件3 §2 step 3")
        self.stage.at(at(13, 40))
        self._decide(3, "确认")

    def _closing(self) -> None:
        self.stage.at(at(17, 1))
        self.stage.timetable()
        self._tell("周汇总", "各省本周申请信息报国家气候战略中心", "附件3 §2 step 4")
        self.stage.at(at(17, 5))
        changed = self.stage.load("cancellations", at(17, 0))
        self._tell("导入注销记录", f"{changed} 个案件与注销截图逐笔核对", "附件3 §2 step 5")
        self.stage.at(at(17, 10))
        self.stage.timetable()
        self._tell("每日注销记录", "17:00 后发各省，抄送登记机构", "附件3 §2 step 6")

    def _after(self) -> None:
        self.stage.at(at(17, 20))
        self.stage.load("credits", at(17, 20))
        self.stage.at(at(17, 40))
        self.stage.load("surrenders", at(17, 40))
        self._tell("生成抵销CCER与登记清缴", "导入登记机构记录，案件随之推进", "附件3 §2 step 7")
        self.stage.say(self.staff["13"], f"/status {self.case_of(0)}")
        self.stage.say(self.staff["66"], "查询 昊源示例")
        self.stage.say(self.staff["37"], "/todo")
