// Starts GraphiQL. The token stays in this tab (sessionStorage): it is gone when the tab closes.
"use strict";
(() => {
  // The style elements that dialogs add at run time need the page's nonce as well.
  window.__webpack_nonce__ = document.currentScript.nonce;

  const remember = (input, key) => {
    input.value = sessionStorage.getItem(key) ?? "";
    input.addEventListener("input", () => sessionStorage.setItem(key, input.value));
  };
  const token = document.getElementById("token");
  const membership = document.getElementById("membership");
  remember(token, "yingsu:token");
  remember(membership, "yingsu:membership");

  const fetcher = async (parameters, options) => {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "GraphQL-Client-Name": "graphiql",
      ...options?.headers,
    };
    if (token.value.trim()) headers.Authorization = `Bearer ${token.value.trim()}`;
    if (membership.value.trim()) headers["Yingsu-Membership"] = membership.value.trim();
    const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(parameters) });
    return response.json();
  };

  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  const show = (example) =>
    root.render(
      React.createElement(GraphiQL, {
        // A new key makes a new editor, which opens with the example.
        key: example?.title ?? "",
        fetcher,
        defaultQuery: "# Ctrl-Enter runs the query. Ctrl-Enter 执行查询。\n{\n  __typename\n}\n",
        query: example?.query,
        variables: example?.variables,
        shouldPersistHeaders: false,
        isHeadersEditorEnabled: true,
      }),
    );

  const examples = JSON.parse(document.getElementById("example-queries").textContent);
  const select = document.getElementById("examples");
  examples.forEach((example, index) => select.add(new Option(`${example.title_zh} ${example.title}`, String(index))));
  select.addEventListener("change", () => show(examples[Number(select.value)]));
  // The documentation beside the editor depends on the caller, so a new token loads the page afresh.
  token.addEventListener("change", () => location.reload());
  show();
})();
