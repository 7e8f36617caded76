/** Read by `tsc --strict` alone: what the published SDL is worth to a type checker. Nothing here is run. */
import type { cases_list$data } from "../generated/relay/cases_list.graphql.ts";
import type * as documents from "../generated/gql/graphql.ts";
import type * as schema from "../generated/types.ts";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** The path of the first `any` in a type; never where there is none. Types that refer to themselves are looked at six deep. */
type AnyIn<T, Depth extends unknown[] = []> =
  IsAny<T> extends true
    ? "any"
    : Depth["length"] extends 6
      ? never
      : T extends readonly (infer Item)[]
        ? AnyIn<Item, [...Depth, 0]>
        : T extends object
          ? { [Key in keyof T]-?: AnyIn<T[Key], [...Depth, 0]> }[keyof T]
          : never;

type Nothing<T extends never> = T;

export type Checked = [
  Nothing<AnyIn<documents.CasesPageQuery>>,
  Nothing<AnyIn<documents.WriteNoteMutation>>,
  Nothing<AnyIn<documents.PreviewQuery>>,
  Nothing<AnyIn<documents.ScheduleMutationVariables>>,
  Nothing<AnyIn<schema.Case>>,
  Nothing<AnyIn<schema.Viewer>>,
  Nothing<AnyIn<schema.AuditEntry["after"]>>,
  Nothing<AnyIn<cases_list$data>>,
];

// The check itself is checked: it finds an `any`, deep inside.
// @ts-expect-error what holds an any is not never
export type Caught = Nothing<AnyIn<{ a: { b: any[] }[] }>>;

// And so is a field that does not exist.
// @ts-expect-error a case has a number, and no title
export const title = (one: schema.Case) => one.title;

/** A `switch` over a closed enum is complete without a default. */
export function refusalText(code: documents.NoteWriteRefusal): string {
  switch (code) {
    case "NOT_FOUND":
      return "记录不存在";
    case "FORBIDDEN":
      return "无权办理";
    case "CONFLICT":
      return "他人已修改，请刷新后重试";
    case "INVALID_INPUT":
      return "请检查输入";
  }
}
