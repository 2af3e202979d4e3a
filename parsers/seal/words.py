"""Words that names of enterprises and bodies are made of (名称用字): they tip the scale where ink left a letter open.

A word wins only over letters that were hardly seen, and never adds to the confidence of what was read.
"""

from __future__ import annotations

from parsers.names.places import PLACES

_ENDINGS = (
    "有限公司 股份有限公司 有限责任公司 集团有限公司 科技有限公司 集团股份有限公司 合作社 合伙企业 "
    "事务所 研究院 研究所 协会 联合会 商会 促进会 分会 总会 学会 联盟 委员会 管理局 中心 大学 "
    "学院 集团 总公司 分公司 总厂"
)
ENDINGS: tuple[str, ...] = tuple(_ENDINGS.split())
"""What names end in (组织形式)."""

_TRADES = (
    "科技 技术 实业 工业 制造 生产 加工 贸易 商贸 工贸 进出口 投资 控股 发展 开发 工程 服务 "
    "管理 咨询 信息 网络 软件 数据 数字 智能 智造 智慧 系统 集成 物联网 通信 通讯 电子 电气 "
    "电器 电力 电机 电源 电缆 电线 电池 电路 电工 家电 照明 灯具 光电 光学 激光 半导体 芯片 "
    "集成电路 传感 传感器 传感技术 仪器 仪表 仪器仪表 测量 检测 测控 控制 自控 自动化 机械 "
    "机电 机床 机器人 数控 重工 精工 精密 模具 刀具 工具 量具 五金 轴承 齿轮 链条 弹簧 "
    "紧固件 标准件 螺栓 密封件 阀门 泵业 水泵 液压 气动 压缩机 风机 减速机 传动 动力 发动机 "
    "内燃机 锅炉 制冷 空调 暖通 换热 过滤 汽车 零部件 配件 汽车配件 汽车零部件 车辆 客车 "
    "摩托车 新能源 能源 太阳能 光伏 储能 氢能 风电 航空 航天 船舶 海洋 轨道 交通 电梯 起重 "
    "工程机械 农业机械 纺织机械 食品机械 包装机械 设备 装备 成套设备 器材 器械 材料 新材料 "
    "复合材料 金属 钢铁 铜业 铝业 钢管 不锈钢 铸造 锻造 热处理 表面处理 化工 化学 化纤 塑料 "
    "塑胶 橡胶 橡塑 树脂 涂料 高分子 玻璃 陶瓷 建材 水泥 耐火 磁性材料 磁业 稀土 矿业 石化 "
    "石油 燃气 管业 管道 纺织 织造 印染 服装 服饰 针织 家纺 丝绸 无纺布 皮革 鞋业 箱包 玩具 "
    "文具 工艺品 家具 木业 竹业 纸业 造纸 包装 印刷 生物 医药 制药 药业 医疗 医疗器械 "
    "生物医药 生物技术 生物科技 生命科学 健康 食品 饮料 茶业 酒业 粮油 乳业 水产 农业 种业 "
    "环保 环境 节能 水务 水处理 净化 再生资源 循环 建设 建筑 装饰 幕墙 钢结构 门窗 卫浴 厨具 "
    "厨卫 物流 运输 仓储 供应链 电子商务 文化 传媒 教育 旅游 体育 安防 消防 安全 集团 国际 "
    "股份 企业家 行业 工业经济 机械工业 专精特新 中小企业 经济和信息化 市场监督 科学技术"
)
TRADES: tuple[str, ...] = tuple(_TRADES.split())
"""What names say of their trade (行业用语)."""

STARTS: tuple[str, ...] = (*PLACES, *(place + "市" for place in PLACES), "浙江省", "江苏省", "安徽省")
"""What names begin with (行政区划)."""
