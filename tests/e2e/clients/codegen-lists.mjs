// A plugin for graphql-codegen: what a cache has to know of the schema, beside its interfaces.
import { getNamedType, isObjectType } from "graphql";

const EMBEDDED = /(Connection|Edge|Payload|Error|PageInfo)$/; // what caches take for granted, or never keep

export function plugin(schema) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith("__"));
  const lists = {};
  for (const type of objects) {
    const fields = Object.values(type.getFields()).filter((field) => getNamedType(field.type).name.endsWith("Connection"));
    if (fields.length > 0) lists[type.name] = fields.map((field) => field.name);
  }
  const withoutId = objects.filter((type) => !type.getFields().id && !roots.includes(type) && !EMBEDDED.test(type.name));
  const print = (value) => JSON.stringify(value, null, 2);
  return [
    "/** The lists that grow, by the type that has them: a cache joins their pages. */",
    `export const lists: Record<string, string[]> = ${print(lists)};`,
    "/** Objects without an id: a cache keeps them with the object that they were asked of. */",
    `export const withoutId: string[] = ${print(withoutId.map((type) => type.name))};`,
  ].join("\n");
}
