/* The staff desk: search while typing, move with the keyboard, copy. Text only ever enters the page as text. */
"use strict";

(() => {
  const SEARCH_WAIT = 120;
  const DRAFT_WAIT = 450;
  const byId = (id) => document.getElementById(id);
  const field = byId("vraag");
  const list = byId("passages");
  const status = byId("stand");
  const draft = byId("antwoord");
  const copyDraft = byId("kopieer-antwoord");
  const running = {};
  let searchTimer;
  let draftTimer;
  let draftText = "";

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  async function post(path, vraag) {
    running[path]?.abort();
    const control = (running[path] = new AbortController());
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ vraag }),
      signal: control.signal,
    });
    if (response.status === 401) location.assign("/aanmelden");
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  function safeLink(url, text) {
    const isWeb = /^https?:\/\//.test(url);
    const link = make(isWeb ? "a" : "span", "", text);
    if (isWeb) Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
    return link;
  }

  async function copy(text, button) {
    await navigator.clipboard.writeText(text);
    const label = button.textContent;
    button.textContent = "Gekopieerd";
    status.textContent = "De tekst is gekopieerd.";
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  function reasons(hit) {
    const box = make("details", "why");
    box.append(make("summary", "", "Waarom deze passage?"));
    const rows = make("dl");
    if (hit.onderwerp) rows.append(make("dt", "", "Herkend als"), make("dd", "", hit.onderwerp));
    for (const [label, value] of Object.entries(hit.redenen)) {
      const shown = make("dd", "", String(value));
      const bar = make("meter");
      Object.assign(bar, { min: 0, max: 1, value: Number(value) });
      bar.setAttribute("aria-hidden", "true");
      shown.prepend(bar);
      rows.append(make("dt", "", label), shown);
    }
    box.append(rows);
    return box;
  }

  function passage(hit) {
    const item = make("li");
    item.tabIndex = -1;
    const head = make("h3");
    head.append(safeLink(hit.url, hit.titel));
    const facts = make("p", "facts");
    facts.append(make("span", hit.intern ? "badge internal" : "badge", hit.intern ? "Intern" : "Openbaar"));
    if (hit.kop) facts.append(make("span", "", hit.kop));
    if (hit.datum) facts.append(make("span", "", `bijgewerkt ${hit.datum.split("-").reverse().join("-")}`));
    facts.append(make("span", "", `score ${hit.score}`));
    const text = make("div", "text");
    for (const line of hit.tekst.split("\n")) text.append(make("p", "", line));
    const button = make("button", "copy", "Kopieer");
    button.type = "button";
    button.addEventListener("click", () => copy(`${hit.tekst}\n\nBron: ${hit.titel}, ${hit.url}`, button));
    item.append(head, button, facts, text, reasons(hit));
    return item;
  }

  async function search(vraag) {
    try {
      const found = await post("/api/zoek", vraag);
      list.replaceChildren(...found.treffers.map(passage));
      const count = found.treffers.length;
      status.textContent = count ? `${count} passages gevonden in ${Math.round(found.ms)} ms.` : "Geen passages gevonden.";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "Zoeken lukt nu niet. Probeer het opnieuw.";
    }
  }

  async function showDraft(vraag) {
    try {
      const reply = await post("/api/antwoord", vraag);
      const lines = reply.text.split("\n").filter((line) => line.trim());
      draft.replaceChildren(...lines.map((line) => make("p", "", line.replaceAll("**", ""))));
      const sources = make("ol", "sources");
      for (const source of reply.citations) {
        const item = make("li");
        item.value = source.n;
        item.append(safeLink(source.deep_link, [source.title, source.heading].filter(Boolean).join(" › ")));
        sources.append(item);
      }
      if (reply.citations.length) draft.append(sources);
      draftText = [...lines, ...reply.citations.map((source) => `[${source.n}] ${source.title}: ${source.url}`)].join("\n");
      copyDraft.hidden = false;
    } catch (error) {
      if (error.name === "AbortError") return;
      draft.replaceChildren(make("p", "", "Er is nu geen antwoord. Probeer het opnieuw."));
      copyDraft.hidden = true;
    }
  }

  function onInput() {
    clearTimeout(searchTimer);
    clearTimeout(draftTimer);
    const vraag = field.value.trim();
    if (vraag.length < 2) {
      Object.values(running).forEach((control) => control.abort());
      list.replaceChildren();
      draft.replaceChildren();
      copyDraft.hidden = true;
      status.textContent = "";
      return;
    }
    searchTimer = setTimeout(search, SEARCH_WAIT, vraag);
    draftTimer = setTimeout(showDraft, DRAFT_WAIT, vraag);
  }

  function move(step) {
    const items = [...list.children];
    const next = items.indexOf(document.activeElement.closest("#passages > li")) + step;
    if (next < 0) field.focus();
    else items[Math.min(next, items.length - 1)]?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target === field;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping) field.focus();
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp" && !isTyping) move(-1);
    else if (event.key === "c" && !isTyping) document.activeElement.closest("#passages > li")?.querySelector(".copy").click();
    else return;
    event.preventDefault();
  });
  field.addEventListener("input", onInput);
  byId("zoekform").addEventListener("submit", (event) => { event.preventDefault(); onInput(); });
  copyDraft.addEventListener("click", () => copy(draftText, copyDraft));
  field.focus();
})();
