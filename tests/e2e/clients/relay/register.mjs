// What a bundler does with Relay's tags: babel-plugin-relay puts the compiled artifact in their place.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "@babel/core";

const { artifactDirectory, eagerEsModules } = JSON.parse(readFileSync(new URL("../relay.config.json", import.meta.url), "utf8"));

registerHooks({
  resolve: (specifier, context, next) => next(specifier.endsWith(".graphql") ? `${specifier}.ts` : specifier, context),
  load: (url, context, next) => {
    if (!/\/relay\/[^/]+\.ts$/.test(url) || url.includes("/generated/")) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(stripTypeScriptTypes(readFileSync(filename, "utf8")), {
      filename,
      configFile: false,
      plugins: [["relay", { artifactDirectory, eagerEsModules }]],
    });
    return { format: "module", source: code, shortCircuit: true };
  },
});
