/* What Gradio leaves out for people who hear the page or use a keyboard. No dependency, no request of its own. */
"use strict";

(() => {
  const said = { turn: "", count: 0, isDone: false };
  let log;
  let lastGroup = "";
  let focusTimer;

  const byId = (id) => document.getElementById(id);
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const questionField = () => document.querySelector("#vb-question textarea");

  /* The frame around the turn, because what is in it is drawn again with every sentence. */
  function focusTurn(turn) {
    const frame = byId("vb-current");
    frame.tabIndex = -1;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", turn.querySelector("h2").textContent);
    frame.focus({ preventScroll: true });
  }

  /* A button that does its work and disappears would drop the keyboard at the top of the page. */
  function keepFocus() {
    if (document.activeElement !== document.body || !lastGroup) return;
    const comment = lastGroup === "vb-rating" && document.querySelector("#vb-comment textarea");
    (comment || questionField())?.focus({ preventScroll: true });
  }

  function jump(target) {
    const field = target.matches("textarea, input") ? target : target.querySelector(":scope textarea, :scope input");
    const goal = target.id === "vb-question" && field ? field : target;
    goal.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });
    goal.focus({ preventScroll: true });
  }

  /* Links within the page: Gradio's <base> would reload the page, and with it lose the conversation. */
  function onClick(event) {
    const link = event.target.closest('a[href^="#"]');
    const target = link && byId(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const folded = target.closest("details");
    if (folded) folded.open = true;
    jump(target);
  }

  const show = (turn) => turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });

  /* Each sentence is spoken once, although the whole answer is drawn again with every sentence that is added. */
  function speak(turn) {
    if (said.turn !== turn.dataset.turn) {
      said.turn = turn.dataset.turn;
      said.count = 0;
      log.replaceChildren();
      said.isDone = false;
      document.querySelectorAll(".toast-close").forEach((button) => button.click()); // there is an answer again
      if (document.activeElement !== questionField()) focusTurn(turn);
      show(turn);
    }
    const sentences = [...turn.querySelectorAll("[data-say]")].map((part) => part.dataset.say);
    if (turn.dataset.state === "done" && !said.isDone) {
      said.isDone = true;
      show(turn); // the answer starts at its question, however long it is
    }
    if (said.isDone && said.count > 0) return;
    for (const sentence of sentences.slice(said.count)) {
      const line = document.createElement("p");
      line.lang = turn.querySelector("[lang]").lang;
      line.textContent = sentence;
      log.append(line);
    }
    said.count = sentences.length;
  }

  /* Gradio says in English that something is wrong; vraagbaak.css hides that, and this says it in the reader's words. */
  function showTrouble() {
    const lost = byId("vb-lost");
    const isWrong = document.querySelector(".toast-body.error") !== null;
    const text = isWrong ? lost.dataset[document.documentElement.lang] : "";
    if (lost.textContent !== text) lost.textContent = text;
  }

  function update() {
    showTrouble();
    const bar = document.querySelector("[data-language]");
    if (bar && document.documentElement.lang !== bar.dataset.language) document.documentElement.lang = bar.dataset.language;
    const turn = document.querySelector("#vb-current .vb-turn");
    if (turn) speak(turn);
    else said.turn = "";
    for (const [id, language] of [["vb-dutch", "nl"], ["vb-english", "en"]]) {
      const button = byId(id);
      if (!button) continue;
      button.lang = language;
      button.setAttribute("aria-pressed", String(document.documentElement.lang === language));
    }
    clearTimeout(focusTimer); // what comes in its place is drawn a moment later
    focusTimer = setTimeout(keepFocus, 60);
    const status = byId("vb-status");
    if (status && !status.hasAttribute("role")) status.setAttribute("role", "status");
  }

  function start() {
    log = document.createElement("div");
    log.id = "vb-log";
    log.className = "vb-sr";
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    document.body.append(log);
    document.addEventListener("click", onClick);
    document.addEventListener("focusin", (event) => {
      lastGroup = event.target.closest("#vb-rating, #vb-commenting, #vb-buttons")?.id ?? "";
    });
    new MutationObserver(update).observe(document.querySelector("gradio-app"), { childList: true, subtree: true });
    update();
  }

  start();
})();
