"""词表: the plain code lists of the case graph. What a code means in law stands in `procedures` and `outcomes`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.labels import Labelled


class ProcedureKind(Labelled):
    """程序种类: one dispute (争议) has one or more procedures (程序), each with a number of its own."""

    PRE_MED = "PRE_MED", "诉前调解", "mediation before suit"
    RECON = "RECON", "行政复议", "administrative reconsideration"
    FIRST = "FIRST", "一审", "first instance"
    SECOND = "SECOND", "二审", "second instance"
    RETRIAL_APP = "RETRIAL_APP", "再审审查", "review of an application for retrial"
    RETRIAL = "RETRIAL", "再审", "retrial"
    PIL = "PIL", "行政公益诉讼", "administrative public-interest litigation"
    ENF_ON_US = "ENF_ON_US", "强制执行", "enforcement against the agency"
    NONLIT_ENF = "NONLIT_ENF", "非诉执行", "non-litigation enforcement"
    NONLIT_REVIEW = "NONLIT_REVIEW", "非诉执行审查复议", "review of a non-litigation enforcement ruling"
    JURISDICTION = "JURISDICTION", "管辖", "jurisdiction"
    OTHER = "OTHER", "其他", "other"


class Compensation(Labelled):
    """行政赔偿: a flag on first instance to retrial, not a procedure of its own (行政诉讼法 76; 适用解释 95)."""

    NONE = "NONE", "无赔偿请求", "no claim"
    JOINED = "JOINED", "一并提起", "joined to the suit"
    ALONE = "ALONE", "单独提起", "a suit of its own"


class DocType(Labelled):
    """文书种类: what a document is. Whether it is in effect, and with a duty to perform, is the judgment's business."""

    RESPONSE_NOTICE = "RESPONSE_NOTICE", "应诉通知书", "notice to respond"
    COMPLAINT = "COMPLAINT", "起诉状副本", "copy of the complaint"
    APPEAL = "APPEAL", "上诉状", "appeal"
    RETRIAL_APPLICATION = "RETRIAL_APPLICATION", "再审申请书副本", "copy of the application for retrial"
    RETRIAL_NOTICE = "RETRIAL_NOTICE", "再审应诉通知书", "notice to respond in retrial"
    SUMMONS = "SUMMONS", "传票", "summons"
    HEAD_NOTICE = "HEAD_NOTICE", "负责人出庭通知书", "notice that the agency's head should appear"
    JUDGMENT = "JUDGMENT", "判决书", "judgment"
    RULING = "RULING", "裁定书", "ruling"
    COURT_MEDIATION = "COURT_MEDIATION", "调解书", "court mediation statement"
    EFFECTIVE_DOC_PERF = "EFFECTIVE_DOC_PERF", "有履行内容的生效裁判文书", "effective document with a duty to perform"
    EFFECTIVE_DOC = "EFFECTIVE_DOC", "无履行内容的生效裁判文书", "effective document without a duty to perform"
    JUD_SUGG = "JUD_SUGG", "司法建议书", "judicial suggestion"
    PROC_SUGG = "PROC_SUGG", "检察建议书", "procuratorial suggestion"
    RECON_NOTICE = "RECON_NOTICE", "行政复议答复通知书", "notice to answer in reconsideration"
    RECON_DECISION = "RECON_DECISION", "行政复议决定书", "reconsideration decision"
    RECON_OPINION = "RECON_OPINION", "行政复议意见书", "reconsideration opinion"
    MED_REF = "MED_REF", "委派（委托）调解函", "referral to mediation"
    MED_AGREEMENT = "MED_AGREEMENT", "调解协议", "mediation agreement"
    MED_STATEMENT = "MED_STATEMENT", "行政调解书", "administrative mediation statement"
    PRE_JUDG_LETTER = "PRE_JUDG_LETTER", "判前调解建议函", "letter that suggests mediation before judgment"
    ENFORCEMENT_NOTICE = "ENFORCEMENT_NOTICE", "执行通知书", "notice of enforcement"
    ANSWER = "ANSWER", "答辩状", "statement of defence"
    EVIDENCE_LIST = "EVIDENCE_LIST", "证据清单", "list of evidence"
    POA = "POA", "授权委托书", "power of attorney"
    LEGAL_REP_ID = "LEGAL_REP_ID", "法定代表人身份证明", "identity of the legal representative"
    HEAD_ID = "HEAD_ID", "负责人身份证明", "identity of the head who appears"
    HEAD_EXCUSE = "HEAD_EXCUSE", "负责人不能出庭情况说明", "statement why the head cannot appear"
    PERF_PLAN = "PERF_PLAN", "履行方案", "plan of performance"
    PERF_PROOF = "PERF_PROOF", "履行情况证明", "proof of performance"
    LOSS_REPORT = "LOSS_REPORT", "败诉分析报告", "analysis of a lost case"
    OTHER = "OTHER", "其他文书", "other document"


DOC_TYPE_WORDS: Mapping[str, DocType] = MappingProxyType(
    {doc_type.zh: doc_type for doc_type in DocType}
    | {"上诉状副本": DocType.APPEAL, "起诉状": DocType.COMPLAINT, "再审申请书": DocType.RETRIAL_APPLICATION}
)
"""What import files call documents. An appeal is one document, whoever's copy it is."""


class PartySide(Labelled):
    """诉讼地位: on which side a party stands."""

    CLAIMANT = "CLAIMANT", "原告方", "claimant's side"
    RESPONDENT = "RESPONDENT", "被告方", "respondent's side"
    THIRD_PARTY = "THIRD_PARTY", "第三人", "third party"


class PartyKind(Labelled):
    """当事人类型 (行政诉讼法 2: 公民、法人或者其他组织)."""

    NATURAL_PERSON = "NATURAL_PERSON", "自然人", "natural person"
    LEGAL_PERSON = "LEGAL_PERSON", "法人", "legal person"
    OTHER_ORGANISATION = "OTHER_ORGANISATION", "其他组织", "other organisation"
    PROCURATORATE = "PROCURATORATE", "人民检察院", "people's procuratorate"
    AGENCY = "AGENCY", "行政机关", "administrative agency"


class HearingMode(Labelled):
    """开庭方式."""

    ON_SITE = "ON_SITE", "现场", "in the courtroom"
    ONLINE = "ONLINE", "线上", "online"


class Direction(Labelled):
    """收发方向, seen from the agency."""

    RECEIVED = "RECEIVED", "收", "received"
    SENT = "SENT", "发", "sent"


class HeadKind(Labelled):
    """负责人: who counts as the agency's head in court (法释〔2020〕3号 art. 2). Heads of entrusted bodies never do."""

    CHIEF = "CHIEF", "正职负责人", "chief"
    DEPUTY = "DEPUTY", "副职负责人", "deputy"
    DEPUTY_RANK_IN_CHARGE = (
        "DEPUTY_RANK_IN_CHARGE",
        "参与分管被诉行政行为实施工作的副职级别负责人",
        "person of deputy rank in charge of the act",
    )
    OTHER_IN_CHARGE = "OTHER_IN_CHARGE", "其他参与分管的负责人", "other person in charge of the act"


class ExcuseState(Labelled):
    """不能出庭说明的状态 (法释〔2020〕3号 art. 8, 9)."""

    FILED = "FILED", "已提交", "filed"
    ACCEPTED = "ACCEPTED", "法院认可", "accepted by the court"
    REJECTED = "REJECTED", "法院不认可", "rejected by the court"
    NO_RULING = "NO_RULING", "法院未表态", "the court did not say"


class SuggestionKind(Labelled):
    """建议种类: letters that must be answered within a term."""

    JUDICIAL = "JUDICIAL", "司法建议", "judicial suggestion"
    PROCURATORIAL = "PROCURATORIAL", "检察建议", "procuratorial suggestion"
    RECON_OPINION = "RECON_OPINION", "行政复议意见书", "reconsideration opinion"


class ObligationKind(Labelled):
    """义务种类: what an agency must do by a due date."""

    DEFENCE = "DEFENCE", "答辩举证", "defence and evidence"
    HEARING = "HEARING", "出庭应诉", "appearing at a hearing"
    PERFORMANCE = "PERFORMANCE", "履行生效裁判", "performing an effective decision"
    SUGG_REPLY = "SUGG_REPLY", "回复建议", "replying to a suggestion"
    LOSS_REPORT = "LOSS_REPORT", "败诉分析", "analysing a lost case"
    RECON_ANSWER = "RECON_ANSWER", "复议答复", "answering in reconsideration"


class AgencyLevel(Labelled):
    """机关层级."""

    CENTRAL = "CENTRAL", "中央", "central"
    PROVINCE = "PROVINCE", "省级", "provincial"
    CITY = "CITY", "市级", "city"
    DISTRICT = "DISTRICT", "区县级", "district"
    TOWN = "TOWN", "镇街", "town or street"
    ZONE = "ZONE", "功能区", "functional zone"


class AgencyCategory(Labelled):
    """机关类别: the field in which an agency works."""

    GOVERNMENT = "GOVERNMENT", "人民政府", "people's government"
    STREET_OFFICE = "STREET_OFFICE", "街道办事处", "street office"
    TOWN_GOVERNMENT = "TOWN_GOVERNMENT", "镇（乡）人民政府", "town government"
    ZONE_COMMITTEE = "ZONE_COMMITTEE", "开发区管理机构", "zone committee"
    AGRICULTURE = "AGRICULTURE", "农业农村", "agriculture"
    AUDIT = "AUDIT", "审计", "audit"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政", "civil affairs"
    COMMERCE = "COMMERCE", "商务", "commerce"
    CULTURE = "CULTURE", "文化旅游", "culture and tourism"
    CUSTOMS = "CUSTOMS", "海关", "customs"
    DATA = "DATA", "政务服务和数据", "government services and data"
    DEVELOPMENT = "DEVELOPMENT", "发展改革", "development and reform"
    EDUCATION = "EDUCATION", "教育", "education"
    EMERGENCY = "EMERGENCY", "应急管理", "emergency management"
    ENVIRONMENT = "ENVIRONMENT", "生态环境", "environment"
    EXPROPRIATION = "EXPROPRIATION", "征收补偿", "expropriation"
    FINANCE = "FINANCE", "财政金融", "finance"
    FIRE = "FIRE", "消防", "fire service"
    FORESTRY = "FORESTRY", "林业园林", "forestry"
    HEALTH = "HEALTH", "卫生健康", "health"
    HOUSING = "HOUSING", "住房和城乡建设", "housing and construction"
    HOUSING_FUND = "HOUSING_FUND", "住房公积金", "housing fund"
    INDUSTRY = "INDUSTRY", "工业和信息化", "industry"
    JUSTICE = "JUSTICE", "司法行政", "justice"
    LABOUR = "LABOUR", "人力资源和社会保障", "human resources and social security"
    MARKET = "MARKET", "市场监督管理", "market regulation"
    MEDICAL_INSURANCE = "MEDICAL_INSURANCE", "医疗保障", "medical insurance"
    PLANNING_LAND = "PLANNING_LAND", "规划和自然资源", "planning and natural resources"
    POLICE = "POLICE", "公安", "police"
    PORT = "PORT", "港务", "port"
    RELIGION = "RELIGION", "民族宗教", "ethnic and religious affairs"
    SCIENCE = "SCIENCE", "科技", "science"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE", "社会保险", "social insurance"
    SPORT = "SPORT", "体育", "sport"
    STATISTICS = "STATISTICS", "统计", "statistics"
    TAX = "TAX", "税务", "tax"
    TRANSPORT = "TRANSPORT", "交通运输", "transport"
    URBAN_MANAGEMENT = "URBAN_MANAGEMENT", "城市管理和综合执法", "urban management"
    VETERANS = "VETERANS", "退役军人事务", "veterans"
    WATER = "WATER", "水务", "water"
    OTHER = "OTHER", "其他", "other"
