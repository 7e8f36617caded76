// PostGraphile 5 on the same tables and policies: each request sets the role and the scope that ours sets, by pgSettings.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgSmartTagsPlugin } from "postgraphile/utils";

const { dsn, settings, connections } = JSON.parse(process.env.BENCH_SETTING);
const port = Number(process.argv[2]);

// Relations for which the tables have columns but no foreign key, told as PostGraphile takes them.
const related = (table, key, target) => ({
  kind: "class",
  match: table,
  tags: { foreignKey: `(shard, ${key}) references ${target} (shard, id)` },
});
const relations = [
  ...["document", "period", "obligation", "suggestion"].map((table) => related(table, "case_id", "case_shell")),
  {
    kind: "class",
    match: "listed_case",
    tags: { primaryKey: "shard,id", foreignKey: "(shard, case_id) references public.case_shell (shard, id)" },
  },
  ...["appearance", "holding"].map((table) => related(table, "agency_id", "agency")),
];

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [makePgSmartTagsPlugin(relations)],
  pgServices: [
    makePgService({
      connectionString: dsn,
      schemas: ["public", "bench"],
      poolConfig: { max: connections, options: "-c jit=off -c timezone=UTC" },
    }),
  ],
  schema: { defaultBehavior: "connection list", retryOnInitFail: false },
  gather: { installWatchFixtures: false, muteWarnings: true },
  grafserv: { watch: false, graphiql: false, websockets: false, maxRequestLength: 1000000 },
  grafast: { context: () => ({ pgSettings: settings }), explain: false },
  disablePlugins: ["PgIndexBehaviorsPlugin"],
};

const pgl = postgraphile(preset);
const serv = pgl.createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(port, "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
