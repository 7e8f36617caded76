// Starts GraphiQL. The token stays in this tab (sessionStorage): it is gone when the tab closes.
"use strict";
(() => {
  // The style elements that dialogs add at run time need the page's nonce as well.
  window.__webpack_nonce__ = document.currentScript.nonce;

  const token = document.getElementById("token");
  const membership = document.getElementById("membership");
  const select = document.getElementById("examples");
  const TOKEN = "yingsu:token";
  const MEMBERSHIP = "yingsu:membership";
  token.value = sessionStorage.getItem(TOKEN) ?? "";

  const fetcher = async (parameters, options) => {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "GraphQL-Client-Name": "graphiql",
      Authorization: `Bearer ${token.value.trim()}`,
      ...options?.headers,
    };
    const chosen = sessionStorage.getItem(MEMBERSHIP);
    if (chosen) headers["Yingsu-Membership"] = chosen;
    const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(parameters) });
    return response.json();
  };

  // Ids of memberships are opaque: offer them by role and place.
  const offerMemberships = async () => {
    const query = "query Memberships { viewer { memberships { id roleZh tenantCode displayName } } }";
    const found = (await fetcher({ query })).data?.viewer?.memberships ?? [];
    for (const { id, roleZh, tenantCode, displayName } of found) {
      membership.add(new Option(`${roleZh} ${tenantCode} ${displayName ?? ""}`.trim(), id));
    }
    membership.value = sessionStorage.getItem(MEMBERSHIP) ?? "";
  };

  const examples = JSON.parse(document.getElementById("example-queries").textContent);
  let root;
  const show = (example) => {
    root ??= ReactDOM.createRoot(document.getElementById("graphiql"));
    root.render(
      React.createElement(GraphiQL, {
        // A new key makes a new editor, which opens with the example.
        key: example?.title ?? "",
        fetcher,
        defaultQuery: examples[0]?.query ?? "{\n  __typename\n}\n",
        query: example?.query,
        variables: example?.variables,
        shouldPersistHeaders: false,
        isHeadersEditorEnabled: true,
      }),
    );
  };

  examples.forEach((example, index) => select.add(new Option(`${example.title_zh} ${example.title}`, String(index))));
  select.disabled = !token.value;
  select.addEventListener("change", () => show(examples[Number(select.value)]));
  // The schema depends on who asks, so another token or membership loads the page afresh.
  token.addEventListener("change", () => {
    sessionStorage.setItem(TOKEN, token.value);
    sessionStorage.removeItem(MEMBERSHIP);
    location.reload();
  });
  membership.addEventListener("change", () => {
    sessionStorage.setItem(MEMBERSHIP, membership.value);
    location.reload();
  });
  document.getElementById("bar").addEventListener("submit", (event) => event.preventDefault());
  if (token.value) {
    offerMemberships();
    show();
  }
})();
