"""Places that the names of enterprises begin with (行政区划字号): the provinces, big cities, and all of Zhejiang."""

from __future__ import annotations

_PROVINCES = (
    "中国 国家 浙江 江苏 上海 北京 天津 重庆 安徽 福建 江西 山东 河南 河北 湖北 湖南 广东 广西 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 宁夏 "
    "新疆 西藏 内蒙古 辽宁 吉林 黑龙江 山西 香港 澳门 台湾"
)
_CITIES = (
    "深圳 广州 南京 苏州 无锡 常州 南通 合肥 福州 厦门 南昌 济南 青岛 郑州 武汉 长沙 成都 昆明 西安 沈阳 大连 "
    "长春 哈尔滨 石家庄 太原 "
    "东莞 佛山 珠海"
)
_ZHEJIANG = (
    "杭州 宁波 温州 湖州 嘉兴 绍兴 金华 衢州 舟山 台州 丽水 上城 拱墅 西湖 滨江 萧山 余杭 临平 钱塘 富阳 临安 "
    "桐庐 建德 淳安 海曙 "
    "江北 北仑 镇海 鄞州 奉化 余姚 慈溪 象山 宁海 鹿城 龙湾 瓯海 洞头 乐清 瑞安 永嘉 平阳 苍南 文成 泰顺 龙港 "
    "吴兴 南浔 德清 安吉 "
    "长兴 南湖 秀洲 海宁 平湖 桐乡 嘉善 海盐 越城 柯桥 上虞 诸暨 嵊州 新昌 婺城 金东 兰溪 东阳 义乌 永康 浦江 "
    "武义 磐安 柯城 衢江 "
    "江山 龙游 常山 开化 定海 普陀 岱山 嵊泗 椒江 黄岩 路桥 温岭 临海 玉环 三门 天台 仙居 莲都 龙泉 青田 云和 "
    "庆元 缙云 遂昌 松阳 景宁"
)

PLACES: tuple[str, ...] = tuple(f"{_PROVINCES} {_CITIES} {_ZHEJIANG}".split())
"""Names without 省, 市, 县, 区."""

CITIES_OF_ZHEJIANG: tuple[str, ...] = tuple(_ZHEJIANG.split()[:11])
"""The eleven 设区市."""
