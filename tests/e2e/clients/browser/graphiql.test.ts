/** GraphiQL as a person meets it, in Chromium: nothing is blocked, nothing is fetched elsewhere, and every example answers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, type Browser, type Page } from "playwright-core";
import { tokenOf, url } from "../tests/environment.ts";

const origin = new URL(url).origin;
const chosen = process.env["YINGSU_TEST_CHROMIUM"];
const picture = process.env["YINGSU_TEST_PICTURE"];

let browser: Browser;
let page: Page;
const foreign: string[] = [];
const complaints: string[] = [];

before(async () => {
  browser = await chromium.launch({ executablePath: chosen ?? "chromium", args: ["--no-sandbox"] });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (said) => {
    if (said.type() === "error") complaints.push(said.text());
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`blocked by ${event.violatedDirective}: ${event.blockedURI}`),
    );
  });
});

after(async () => {
  await browser.close();
});

const editor = ".graphiql-execute-button";

interface Answer {
  data?: Record<string, unknown>;
  errors?: { extensions: { code: string } }[];
}

/** Runs what stands in the editor. The editor's own questions of the schema are not what is waited for. */
async function answer(): Promise<Answer> {
  const responded = page.waitForResponse((response) => {
    const sent = response.request().postData() ?? "";
    return response.url() === url && !/IntrospectionQuery|query Memberships/.test(sent);
  });
  await page.click(editor);
  const body = (await (await responded).json()) as Answer;
  const shown = await page.waitForFunction(() => {
    const text = [...document.querySelectorAll(".result-window .CodeMirror-line")].map((line) => line.textContent).join("\n");
    return /"(data|errors)"/.test(text) ? text : null;
  });
  assert.ok(await shown.jsonValue());
  return body;
}

async function choose(title: string): Promise<void> {
  const index = await page.$$eval("#examples option", (all, wanted) => all.findIndex((one) => one.textContent?.includes(wanted)), title);
  assert.ok(index > 0, `there is no example ${title}`);
  await page.selectOption("#examples", { index });
  await page.waitForSelector(editor);
}

test("without a token the page says what to do, and asks the server nothing", async () => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${origin}/graphiql`);
  await page.waitForSelector("text=请先在上方填入令牌");
  assert.deepEqual(asked.filter((one) => one === url), []);
});

test("with a token the editor opens, and memberships are offered by role and place", async () => {
  await page.fill("#token", tokenOf("city_bureau"));
  await Promise.all([page.waitForEvent("load"), page.dispatchEvent("#token", "change")]);
  await page.waitForSelector(editor);
  await page.waitForFunction(() => document.querySelectorAll("#membership option").length > 1);
  const offered = await page.$$eval("#membership option", (all) => all.map((one) => one.textContent));
  assert.match(offered[1] ?? "", /[一-龥]+ 440100000/);
});

test("every example answers as it promises", async () => {
  const titles = await page.$$eval("#examples option", (all) => all.map((one) => one.textContent ?? "").filter((one) => one !== "…"));
  assert.ok(titles.length >= 8);
  for (const title of titles) {
    await choose(title);
    const { data, errors } = await answer();
    if (title.includes("An act")) {
      assert.equal(errors?.[0]?.extensions.code, "BAD_USER_INPUT", title); // its id is for the reader to fill in
    } else {
      assert.equal(errors, undefined, title);
      assert.ok(Object.values(data ?? {}).every((value) => value !== null), title);
    }
  }
});

test("another membership asks under its header", async () => {
  const id = await page.$eval("#membership option:nth-child(2)", (option) => (option as HTMLOptionElement).value);
  await Promise.all([page.waitForEvent("load"), page.selectOption("#membership", id)]);
  await page.waitForSelector(editor);
  const sent = page.waitForRequest((request) => request.url() === url && request.headers()["yingsu-membership"] === id);
  await page.click(editor);
  await sent;
});

test("the documentation beside the editor tells each type in Chinese", async () => {
  await page.click('button[aria-label="Show Documentation Explorer"]');
  await page.click("a.graphiql-doc-explorer-type-name >> text=Query");
  await page.waitForSelector(".graphiql-doc-explorer >> text=查询入口");
  await page.click('button[aria-label="Hide Documentation Explorer"]');
});

test("nothing was blocked, nothing failed, and no other host was asked", async () => {
  await choose("List of cases");
  await answer();
  if (picture !== undefined) {
    await page.waitForTimeout(500);
    await page.screenshot({ path: picture });
  }
  // The browser may tell of the one request that had to be refused.
  assert.deepEqual(complaints.filter((one) => !one.includes("status of 400")), []);
  assert.deepEqual(foreign, []);
});
