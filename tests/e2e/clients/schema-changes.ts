/** The changes between two SDLs as graphql-inspector finds them: `node schema-changes.ts OLD NEW`, JSON on standard output. */
import { readFileSync } from "node:fs";
import { DiffRule, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const [before, after] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, "utf8")));
if (before === undefined || after === undefined) throw new Error("two files are needed");

const all = await diff(before, after, [DiffRule.ignoreDescriptionChanges]);
const outermost = await diff(before, after, [DiffRule.ignoreDescriptionChanges, DiffRule.simplifyChanges]);
const told = new Set(outermost.map(({ message }) => message));
const changes = all
  .filter(({ type }) => !type.startsWith("DIRECTIVE_USAGE")) // costs are for machines, and break nobody
  .map(({ message, type, path, criticality }) => ({
    message,
    type,
    path: path ?? "",
    level: criticality.level,
    nested: !told.has(message), // part of something that is new as a whole
  }));
console.log(JSON.stringify(changes));
