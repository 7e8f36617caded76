import { graphql } from "./generated/gql/index.ts";

export const CasesPage = graphql(`
  query CasesPage($first: Int!, $after: String, $filter: CaseFilter) {
    cases(first: $first, after: $after, filter: $filter) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          id
          number
          status
        }
      }
    }
  }
`);

export const WriteNote = graphql(`
  mutation WriteNote($input: NoteWriteInput!) {
    noteWrite(input: $input) {
      note {
        id
        body
      }
      errors {
        ...Refusal
        code
      }
    }
  }

  fragment Refusal on UserError {
    message
    messageZh
    path
  }
`);

export const WhoAmI = graphql(`
  query WhoAmI {
    viewer {
      subject
      permissions
      membership {
        id
        role
      }
    }
  }
`);

export const ResponsesOfCase = graphql(`
  query ResponsesOfCase($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Case {
        number
        responses {
          id
          version
          agency {
            id
            name
          }
        }
      }
    }
  }
`);

export const NotAllowed = graphql(`
  query NotAllowed {
    periods(first: 1) {
      totalCount
    }
    viewer {
      subject
    }
  }
`);

export const CaseChanges = graphql(`
  subscription CaseChanges($after: String) {
    caseChanged(after: $after) {
      event
      cursor
      case {
        id
        status
      }
    }
  }
`);
