import { graphql } from "relay-runtime";

/** The list, `@refetchable`: the compiler writes the query for its next pages. */
export const caseList = graphql`
  fragment cases_list on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }, filter: { type: "CaseFilter" })
  @refetchable(queryName: "casesNextPageQuery") {
    cases(first: $first, after: $after, filter: $filter) @connection(key: "cases_list_cases", filters: ["filter"]) {
      totalCount
      edges {
        node {
          id
          number
          status
        }
      }
    }
  }
`;

export const caseListQuery = graphql`
  query casesListQuery($first: Int, $filter: CaseFilter) {
    ...cases_list @arguments(first: $first, filter: $filter)
  }
`;

/** One case, `@refetchable` by `node(id:)`. */
export const oneCase = graphql`
  fragment cases_one on Case @refetchable(queryName: "casesOneRefetchQuery") {
    id
    number
    status
    responses {
      id
      agency {
        id
        name
      }
    }
  }
`;

export const writeNote = graphql`
  mutation casesWriteNoteMutation($input: NoteWriteInput!) {
    noteWrite(input: $input) {
      note {
        id
        body
      }
      errors {
        code
        messageZh
        path
      }
    }
  }
`;
