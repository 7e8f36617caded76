import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "generated/schema.graphql",
  documents: ["*.ts", "setup/*.ts", "generated/docs/*.graphql"],
  config: {
    useTypeImports: true,
    strictScalars: true,
    defaultScalarType: "unknown",
    scalars: { Date: "string", DateTime: "string", Time: "string", Decimal: "string", JSON: "unknown" },
  },
  importExtension: ".ts",
  generates: {
    "generated/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: "sha256" } },
    },
    "generated/types.ts": { plugins: ["typescript"], config: { enumsAsTypes: true } },
    "generated/lists.ts": { plugins: ["./codegen-lists.mjs"] },
    "generated/fragment-matcher.ts": { plugins: ["fragment-matcher"] },
    "generated/introspection.ts": { plugins: ["urql-introspection"] },
  },
};

export default config;
