/** The lists that grow, by the type that has them: a cache joins their pages. A test holds this to the schema. */
export const lists = {
  Query: [
    "agencies", "auditEntries", "cases", "causes", "courts", "documents", "hearings", "importRuns", "judgments", "members",
    "obligations", "periods", "suggestions", "tenants",
  ],
  Case: ["documents", "hearings", "judgments", "obligations", "parties", "periods", "suggestions"],
  Response: ["documents", "notes", "obligations", "periods"],
};

/** Objects without an id: a cache keeps them with the object that they were asked of. */
export const withoutId = [
  "CalendarDay", "EnumLabel", "PeriodPreview", "PeriodStep", "Plugin", "PluginSettingsInForce", "PluginTenantChoice", "Viewer",
];

/** The same thing for each name. */
export function each<T>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
