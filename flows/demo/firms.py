"""The invented firms of the demo's season (演示用企业), and the papers each of them would send.

Names, addresses and persons are invented; ``.example`` domains belong to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from flows.demo.form_words import FormWords
from flows.demo.papers import make_form, make_photo
from flows.demo.posting import Enclosure
from flows.demo.printed import print_pdf, report_lines
from flows.demo.reports import ReportWords, make_report

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Firm:
    """One invented enterprise with its case."""

    name: str
    product: str
    case_title: str
    sender_name: str
    sender: str
    seed: int
    recommender: str = "浙江省轴承工业协会"
    submitted_on: str = "2026年5月11日"

    @property
    def form_words(self) -> FormWords:
        """What stands in its form."""
        return FormWords(self.case_title, self.name, self.recommender, self.submitted_on)


YUANHENG = Firm(
    "浙江远衡精密机械有限公司",
    "精密轴承",
    "以匠心深耕轴承细分领域的成长路径",
    "远衡精密 王工",
    "office@yuanheng.example",
    11,
)
LANTING = Firm(
    "杭州澜汀仪器仪表有限公司",
    "流量计",
    "澜汀仪表质量追溯体系的建设经验",
    "澜汀仪器",
    "lanting@mail.example",
    12,
    "杭州市企业联合会",
)
QIMING = Firm(
    "宁波启明液压技术有限公司",
    "液压阀",
    "启明液压核心阀芯国产化的突破机制",
    "启明液压",
    "qiming@hydr.example",
    13,
    "宁波市企业家协会",
)
SHENGHUA = Firm(
    "温州晟华电气股份有限公司",
    "断路器",
    "晟华电气以标准引领细分市场",
    "晟华电气办公室",
    "sh@shenghua.example",
    14,
    "温州市工业经济联合会",
)
KANGBO = Firm(
    "嘉兴康博新材料科技有限公司",
    "特种薄膜",
    "康博薄膜绿色工厂的实践",
    "康博新材",
    "kb@kangbo.example",
    15,
    "嘉兴市企业联合会",
)
TIANLI = Firm(
    "湖州天力紧固件制造有限公司",
    "高强螺栓",
    "小螺栓大市场：天力的专业化之路",
    "天力 陈",
    "tianli@fasten.example",
    16,
    "湖州市企业家协会",
)
HAOYU = Firm(
    "绍兴浩宇纺织机械有限公司",
    "喷气织机",
    "浩宇织机产学研协同的做法",
    "浩宇纺机",
    "hy@haoyu.example",
    17,
    "绍兴市企业家协会",
)
RUIFENG = Firm(
    "金华瑞丰汽车零部件有限公司",
    "转向节",
    "瑞丰汽配精益管理降本增效",
    "瑞丰汽配",
    "rf@ruifeng.example",
    18,
    "浙江省汽车行业协会",
)
GUANGDA = Firm(
    "台州光达模具有限公司",
    "注塑模具",
    "光达模具柔性制造的经验",
    "光达模具",
    "gd@guangda.example",
    119,
    "台州市工业经济联合会",
)
XINGCHEN = Firm(
    "衢州星辰传感技术有限公司", "压力传感器", "星辰传感全流程质量管理", "星辰传感", "xc@xingchen.example", 20
)
ASSOCIATION = "浙江省仪器仪表行业协会"
BUNDLED = (
    Firm("杭州博衡自动化设备有限公司", "包装机械", "博衡自动化柔性产线经验", "", "", 31, ASSOCIATION),
    Firm("丽水青锋光电科技有限公司", "光学镜片", "青锋光电的品牌化发展模式", "", "", 32, ASSOCIATION),
    Firm("舟山海拓环保科技有限公司", "膜组件", "海拓环保韧性成长路径", "", "", 43, ASSOCIATION),
)
MINGDE = Firm(
    "浙江明德生物医药有限公司",
    "试剂原料",
    "明德医药关键核心技术突破机制",
    "明德医药",
    "md@mingde.example",
    21,
    "浙江省医药行业协会",
)
ZHICHENG = Firm(
    "义乌至诚智能装备有限公司",
    "检测设备",
    "至诚装备以客户需求牵引创新",
    "至诚装备",
    "zc@zhicheng.example",
    22,
    "浙江省汽车行业协会",
)


def form(firm: Firm, *, sealed: bool = True, blank: str = "", scenario: str = "scan200") -> bytes:
    """Return the firm's form as a scanned PDF; ``blank`` names a field of ``FormWords`` that is left empty."""
    words = replace(firm.form_words, **{blank: ""}) if blank else firm.form_words
    return _form(words, firm.name if sealed else None, scenario, firm.seed)


@cache
def _form(words: FormWords, seal: str | None, scenario: str, seed: int) -> bytes:
    return make_form(words, seal=seal, scenario=scenario, seed=seed)


@cache
def report(firm: Firm, total: int = 8300) -> bytes:
    """Return the firm's Word report of so many 字."""
    return make_report(
        ReportWords(title=firm.case_title, company=firm.name, product=firm.product), total=total, seed=firm.seed
    )


@cache
def report_pdf(firm: Firm) -> bytes:
    """Return the same report printed to PDF: what applicants send who did not read that Word is asked for."""
    return print_pdf(firm.case_title, report_lines(report(firm)))


@cache
def photo(firm: Firm, index: int) -> bytes:
    """Return one of the firm's photographs."""
    return make_photo(firm.seed * 10 + index, 1280, 960)


def form_file(firm: Firm, *, sealed: bool = True, blank: str = "", scenario: str = "scan200") -> Enclosure:
    """Return the form as an attachment."""
    data = form(firm, sealed=sealed, blank=blank, scenario=scenario)
    return Enclosure(f"{firm.name}-推荐表（盖章）.pdf", data, PDF)


def report_file(firm: Firm, total: int = 8300) -> Enclosure:
    """Return the report as an attachment."""
    return Enclosure(f"{firm.name}-案例报告.docx", report(firm, total), DOCX)


def photo_file(firm: Firm, index: int, caption: str) -> Enclosure:
    """Return a photograph as an attachment; the caption is its file name."""
    return Enclosure(f"{caption}.jpg", photo(firm, index), JPEG)
