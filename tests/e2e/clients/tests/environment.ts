/** What the pytest side says: where the server is, and the tokens of the demonstration's people. */
import { readFileSync } from "node:fs";
import type { Session } from "../setup/session.ts";

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests by pytest`);
  return value;
}

export const url = required("YINGSU_TEST_URL");
const tokens = JSON.parse(readFileSync(required("YINGSU_TEST_TOKENS"), "utf8")) as Record<string, string>;

export function tokenOf(who: string): string {
  const token = tokens[who];
  if (token === undefined) throw new Error(`nobody is called ${who}`);
  return token;
}

/** A session of one of them, which remembers how often it was refused. */
export function sessionOf(who: string | undefined): Session & { refusals: number } {
  const session = {
    url,
    refusals: 0,
    token: () => (who === undefined ? undefined : tokenOf(who)),
    signedOut: () => {
      session.refusals += 1;
    },
  };
  return session;
}

/** What went over the wire. */
export interface Exchange {
  method: string;
  body: unknown;
  status: number;
  contentType: string;
}

/** Runs a piece of a test, and tells every request to the server in it with its answer. */
export async function watched<T>(run: () => Promise<T>): Promise<[T, Exchange[]]> {
  const seen: Exchange[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init);
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    const contentType = answer.headers.get("content-type") ?? "";
    seen.push({ method: init?.method ?? "GET", body, status: answer.status, contentType });
    return answer;
  };
  try {
    return [await run(), seen];
  } finally {
    globalThis.fetch = real;
  }
}
