"""How a company's name is typed."""

from __future__ import annotations

from connectors.sample.companies import Company
from connectors.sample.noise import Channel, Scene, sprinkle
from connectors.sample.noise.names import to_traditional
from connectors.sample.noise.sounds import alike


def short(text: str, scene: Scene) -> str:
    """Core and trade: 宏达物流; a branch keeps its name."""
    company = scene.party
    if not isinstance(company, Company) or not company.core:
        return text
    return company.core + company.trade + company.branch


def core_only(text: str, scene: Scene) -> str:
    """Core with 公司 behind it."""
    company = scene.party
    return f"{company.core}公司" if isinstance(company, Company) and company.core else text


def no_region(text: str, scene: Scene) -> str:
    """The registered name without its region."""
    company = scene.party
    if not isinstance(company, Company) or not company.core:
        return text
    return company.core + company.trade + company.form + company.branch


def region_form(text: str, scene: Scene) -> str:
    """武汉 and 武汉市."""
    company = scene.party
    if not isinstance(company, Company):
        return text
    region = company.region
    other = region.removesuffix("市") if region.endswith("市") else f"{region}市"
    return text.replace(region, other, 1)


def bracketed(text: str, scene: Scene) -> str:
    """The region in brackets, half or full width, before or behind the core."""
    company = scene.party
    if not isinstance(company, Company) or not company.core:
        return text
    region = scene.dice.pick(("({})", "（{}）")).format(company.region)
    tail = company.trade + company.form + company.branch
    return region + company.core + tail if scene.dice.chance(0.6) else company.core + region + tail


def form(text: str, scene: Scene) -> str:
    """有限责任公司 for 有限公司, or the other way round, or a shorter tail."""
    if "有限责任公司" in text:
        return text.replace("有限责任公司", "有限公司")
    if "股份有限公司" in text:
        return text.replace("股份有限公司", "公司")
    return text.replace("有限公司", scene.dice.pick(("有限责任公司", "公司", "")))


def homophone(text: str, scene: Scene) -> str:
    """One character of the core by its sound."""
    company = scene.party
    if not isinstance(company, Company) or not company.core:
        return text
    at = text.find(company.core) + scene.dice.below(len(company.core))
    others = alike(text[at])
    return text[:at] + others.throw(scene.dice) + text[at + 1 :] if others else text


def contact(text: str, scene: Scene) -> str:
    """The contact behind the name."""
    return f"{text}{scene.dice.pick(('-', ' ', '/'))}{scene.other}" if scene.other else text


SLIPS = (
    Channel("company_short", 0.10, short),
    Channel("company_core", 0.012, core_only),
    Channel("company_no_region", 0.05, no_region),
    Channel("company_region_form", 0.04, region_form),
    Channel("company_bracketed", 0.02, bracketed),
    Channel("company_form", 0.04, form),
    Channel("homophone", 0.01, homophone),
    Channel("traditional", 0.004, lambda text, scene: to_traditional(text)),
)
STYLES = (
    Channel("space", 0.006, lambda text, scene: sprinkle(text, scene, " ")),
    Channel("two_people", 0.012, contact),
    Channel("half_brackets", 0.01, lambda t, scene: t.replace("（", "(").replace("）", ")")),
)
