"""What is asked: four operations of a front end's daily work, in our schema's words. The other servers answer the same JSON."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, Visitor, parse, print_ast, visit

LIST = """
query List {
  cases(first: 50) {
    nodes {
      id number status procedureKind outcome filedOn closedOn
      court { name }
      cause { name }
      dispute { openedOn }
      responses { role outcome lost receivedOn answerDueOn agency { name } }
      parties { nodes { side name people } }
    }
    pageInfo { hasNextPage }
  }
}
"""

DETAIL = """
query Detail($id: ID!) {
  node(id: $id) {
    ... on Case {
      id number status procedureKind procedureForm compensation outcome filedOn closedOn firstHearingOn version
      court { name }
      cause { name }
      dispute { openedOn cases { number procedureKind status } }
      responses { role outcome lost receivedOn answerDueOn answeredOn version agency { name level category } }
      parties { nodes { side kind name people } }
      hearings { nodes { sequence heldOn mode status headRequired version
                         appearances { headAttended headName headKind absenceReason agents agency { name } } } }
      judgments { nodes { kind number decidedOn servedOn outcome appealUntil
                          holdings { outcome lost lossReason agency { name } } } }
      documents { nodes { docType title direction datedOn receivedOn pages } }
      periods { nodes { kind startsOn dueOn provisional status metOn } }
      obligations { nodes { kind content dueOn status fulfilledOn } }
      suggestions { nodes { kind issuedBy subject receivedOn replyDueOn status } }
      earlierLinks { kind earlier { number procedureKind outcome } }
      laterLinks { kind later { number procedureKind outcome } }
    }
  }
}
"""

DASHBOARD = """
query Dashboard {
  years: caseTally(by: [YEAR]) { year filed open closed lostFirstInstance lossRate { percent numerator denominator } }
  kinds: caseTally(by: [PROCEDURE_KIND]) { procedureKind filed open closed }
  statuses: caseTally(by: [STATUS]) { status filed closed }
}
"""

MUTATION = """
mutation Write($response: ID!, $body: String!) {
  noteWrite(input: { responseId: $response, body: $body }) {
    note { id body writtenBy }
    errors { code message }
  }
}
"""
NOTE = "与承办法官沟通，建议协调化解。"

OURS = {"list": LIST, "detail": DETAIL, "dashboard": DASHBOARD, "mutation": MUTATION}

MUTATION_BY_UUID = """
mutation Write($response: UUID!, $body: String!) {
  noteWrite(response: $response, body: $body) { note { id body writtenBy } }
}
"""


def flattened(query: str) -> str:
    """The query with plain lists instead of `{ nodes { … } }` alone, as strawberry-django's optimizer plans them."""
    return print_ast(visit(parse(query), _Flatten()))


class _Flatten(Visitor):
    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        inner = node.selection_set.selections if node.selection_set else ()
        if len(inner) != 1 or not isinstance(inner[0], FieldNode) or inner[0].name.value != "nodes":
            return None
        return FieldNode(name=node.name, selection_set=inner[0].selection_set)
