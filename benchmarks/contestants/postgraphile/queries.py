"""The operations in PostGraphile's words, with aliases so that the answers are the same JSON. `id` is its own node id and is not asked."""

from __future__ import annotations

LIST = """
query List(%s) {
  cases: allBenchListedCases(condition: { %s }, orderBy: [FILED_ON_DESC, ROW_ID_DESC], first: 50) {
    nodes {
      case: caseShellByShardAndCaseId {
        id: rowId number: numberText status procedureKind outcome filedOn closedOn
        court: courtByCourtCode { name: nameZh }
        cause: causeByCauseCode { name: nameZh }
        dispute: disputeByShardAndDisputeId { openedOn }
        responses: responsesByShardAndCaseIdList(orderBy: ORDINAL_ASC) {
          role outcome lost receivedOn answerDueOn agency: agencyByShardAndAgencyId { name: nameZh }
        }
        parties: partiesByShardAndCaseId(orderBy: [ORDINAL_ASC, ROW_ID_ASC], first: 20) { nodes { side name people } }
      }
    }
    pageInfo { hasNextPage }
  }
}
"""
CONDITIONS = {
    "city": ("$shard: Int!", "shard: $shard"),
    "district": ("$shard: Int!, $district: BigInt!", "shard: $shard, district: $district"),
}

DETAIL = """
query Detail($shard: Int!, $id: UUID!) {
  node: caseShellByShardAndRowId(shard: $shard, rowId: $id) {
    id: rowId number: numberText status procedureKind procedureForm compensation outcome filedOn closedOn firstHearingOn version
    court: courtByCourtCode { name: nameZh }
    cause: causeByCauseCode { name: nameZh }
    dispute: disputeByShardAndDisputeId {
      openedOn
      cases: caseShellsByShardAndDisputeIdList(orderBy: [FILED_ON_ASC, ROW_ID_ASC]) { number: numberText procedureKind status }
    }
    responses: responsesByShardAndCaseIdList(orderBy: ORDINAL_ASC) {
      role outcome lost receivedOn answerDueOn answeredOn version
      agency: agencyByShardAndAgencyId { name: nameZh level category }
    }
    parties: partiesByShardAndCaseId(orderBy: [ORDINAL_ASC, ROW_ID_ASC], first: 20) { nodes { side kind name people } }
    hearings: hearingsByShardAndCaseId(orderBy: [HELD_ON_DESC, ROW_ID_DESC], first: 20) {
      nodes {
        sequence heldOn mode status headRequired version
        appearances: appearancesByShardAndHearingIdList(orderBy: ORDINAL_ASC) {
          headAttended headName headKind absenceReason agents agency: agencyByShardAndAgencyId { name: nameZh }
        }
      }
    }
    judgments: judgmentsByShardAndCaseId(orderBy: [DECIDED_ON_DESC, ROW_ID_DESC], first: 20) {
      nodes {
        kind number: numberText decidedOn servedOn outcome appealUntil
        holdings: holdingsByShardAndJudgmentIdList(orderBy: ORDINAL_ASC) {
          outcome lost lossReason agency: agencyByShardAndAgencyId { name: nameZh }
        }
      }
    }
    documents: documentsByShardAndCaseId(orderBy: [RECEIVED_ON_DESC, ROW_ID_DESC], first: 20) {
      nodes { docType title direction datedOn receivedOn pages }
    }
    periods: periodsByShardAndCaseId(orderBy: [DUE_ON_ASC, ROW_ID_ASC], first: 20) {
      nodes { kind startsOn dueOn provisional status metOn }
    }
    obligations: obligationsByShardAndCaseId(orderBy: [DUE_ON_ASC, ROW_ID_ASC], first: 20) {
      nodes { kind content dueOn status fulfilledOn }
    }
    suggestions: suggestionsByShardAndCaseId(orderBy: [RECEIVED_ON_DESC, ROW_ID_DESC], first: 20) {
      nodes { kind issuedBy subject receivedOn replyDueOn status }
    }
    earlierLinks: caseLinksByShardAndToCaseIdList(orderBy: ROW_ID_ASC) {
      kind earlier: caseShellByShardAndFromCaseId { number: numberText procedureKind outcome }
    }
    laterLinks: caseLinksByShardAndFromCaseIdList(orderBy: ROW_ID_ASC) {
      kind later: caseShellByShardAndToCaseId { number: numberText procedureKind outcome }
    }
  }
}
"""

DASHBOARD = """
query Dashboard($shard: Int!, $level: String!, $tenant: BigInt!) {
  years: benchTallyYearsList(inShard: $shard, inLevel: $level, inTenant: $tenant) {
    year filed open closed lostFirstInstance lossRate { percent numerator denominator }
  }
  kinds: benchTallyKindsList(inShard: $shard, inLevel: $level, inTenant: $tenant) { procedureKind filed open closed }
  statuses: benchTallyStatusesList(inShard: $shard, inLevel: $level, inTenant: $tenant) { status filed closed }
}
"""

MUTATION = """
mutation Write($shard: Int!, $response: UUID!, $body: String!, $writer: String!) {
  noteWrite: benchWriteNote(input: { inShard: $shard, inResponse: $response, inBody: $body, inWriter: $writer }) {
    note: result { id: rowId body writtenBy }
  }
}
"""
