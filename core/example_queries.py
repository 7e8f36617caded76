"""示例查询: what GraphiQL offers to begin with, one for each of the main jobs of a front end."""

from __future__ import annotations

from typing import Final

from core.http.graphiql import ExampleQuery

START: Final = ExampleQuery(
    "Who am I, and what may I do?",
    "我是谁，可以做什么？",
    """query Start {
  viewer {
    subject
    today
    membership {
      id
      roleZh
      tenantCode
      displayName
    }
    memberships {
      id
      roleZh
      tenantCode
    }
    permissions
    plugins
  }
}
""",
)

CASES: Final = ExampleQuery(
    "List of cases",
    "案件列表：筛选与翻页",
    """# 下一页：把 endCursor 填入变量 after。 Next page: put endCursor into the variable after.
query Cases($first: Int, $after: String, $filter: CaseFilter, $orderBy: CaseOrder) {
  cases(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      number
      procedureKind
      status
      filedOn
      court {
        name
      }
      cause {
        name
      }
      responses {
        role
        answerDueOn
        agency {
          name
        }
      }
    }
  }
}
""",
    """{
  "first": 20,
  "filter": { "status": { "eq": "OPEN" }, "filedOn": { "gte": "2026-01-01" } },
  "orderBy": "FILED_ON_DESC"
}
""",
)

ONE_CASE: Final = ExampleQuery(
    "One case in full",
    "一个案件的全部内容",
    """# 案号的括号全角、半角均可。 Brackets of the number may be full- or half-width.
query OneCase($number: String!) {
  caseByNumber(number: $number) {
    id
    number
    procedureKind
    status
    outcome
    filedOn
    closedOn
    court {
      name
    }
    cause {
      name
    }
    earlierLinks {
      kind
      earlier {
        number
      }
    }
    parties {
      nodes {
        side
        name
      }
    }
    responses {
      role
      answerDueOn
      answeredOn
      outcome
      agency {
        name
      }
      periods {
        nodes {
          kind
          dueOn
          status
        }
      }
    }
    hearings {
      nodes {
        heldOn
        startsAt
        status
      }
    }
    judgments {
      nodes {
        decidedOn
        outcome
      }
    }
  }
}
""",
    """{ "number": "（2026）粤7101行初1号" }
""",
)

DUE_NEXT: Final = ExampleQuery(
    "What falls due next?",
    "近期到期的期限",
    """query DueNext {
  periods(first: 20, orderBy: DUE_ON_ASC, filter: { status: { eq: OPEN } }) {
    totalCount
    nodes {
      kind
      dueOn
      provisional
      agency {
        name
      }
      case {
        number
      }
      calculation {
        trace
      }
    }
  }
}
""",
)

PREVIEW: Final = ExampleQuery(
    "Reckon a period beforehand",
    "期限试算",
    """query Preview($startOn: Date!, $amount: Int!, $unit: PeriodUnit!) {
  periodPreview(startOn: $startOn, amount: $amount, unit: $unit, roll: true) {
    dueOn
    provisional
    steps {
      rule
      law
      text
    }
  }
}
""",
    """{ "startOn": "2026-02-05", "amount": 15, "unit": "DAY" }
""",
)

SCHEDULE: Final = ExampleQuery(
    "An act and its errors",
    "登记开庭：变更及其错误",
    """# caseId 取自“案件列表”。错误在 errors 中，不在顶层。
# Take caseId from the list of cases. Refusals stand in the payload's errors, not at the top.
mutation Schedule($input: HearingScheduleInput!) {
  hearingSchedule(input: $input) {
    hearing {
      id
      heldOn
      startsAt
      case {
        number
        firstHearingOn
      }
    }
    errors {
      code
      messageZh
      path
    }
  }
}
""",
    """{ "input": { "caseId": "", "heldOn": "2026-12-15", "startsAt": "09:30" } }
""",
)

TALLY: Final = ExampleQuery(
    "Figures for a dashboard",
    "看板统计",
    """query Tally($by: [CaseTallyDimension!]!, $filter: CaseTallyFilter) {
  caseTally(by: $by, filter: $filter) {
    district {
      name
    }
    month
    filed
    open
    closed
    lossRate {
      percent
      numerator
      denominator
      definition
    }
  }
}
""",
    """{ "by": ["DISTRICT", "MONTH"], "filter": { "month": { "gte": "2026-01-01" } } }
""",
)

LABELS: Final = ExampleQuery(
    "Names of enum values, for people",
    "枚举值的中文名称",
    """query Labels {
  enumLabels(name: "ProcedureKind") {
    value
    zh
    en
  }
}
""",
)

EXAMPLES: Final = (START, CASES, ONE_CASE, DUE_NEXT, PREVIEW, SCHEDULE, TALLY, LABELS)
