/* What Gradio leaves out for people who hear the page or use a keyboard. No dependency, no request of its own. */
"use strict";

(() => {
  const said = { turn: "", count: 0 };
  let log;

  const byId = (id) => document.getElementById(id);
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

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
    const quote = target.querySelector("details");
    if (quote) quote.open = true;
    jump(target);
  }

  /* Each sentence is spoken once, although the whole answer is drawn again with every sentence that is added. */
  function speak(turn) {
    if (said.turn !== turn.dataset.turn) {
      said.turn = turn.dataset.turn;
      said.count = 0;
      log.replaceChildren();
      if (document.activeElement === document.body || !document.activeElement.isConnected) turn.querySelector("h2").focus();
      turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
    }
    const sentences = [...turn.querySelectorAll("[data-say]")].map((part) => part.dataset.say);
    const isDone = turn.dataset.state === "done";
    if (isDone && said.count > 0) return;
    for (const sentence of sentences.slice(said.count)) {
      const line = document.createElement("p");
      line.lang = turn.querySelector("[lang]").lang;
      line.textContent = sentence;
      log.append(line);
    }
    said.count = sentences.length;
  }

  function update() {
    const bar = document.querySelector("[data-language]");
    if (bar && document.documentElement.lang !== bar.dataset.language) document.documentElement.lang = bar.dataset.language;
    const turn = document.querySelector("#vb-current .vb-turn");
    if (turn) speak(turn);
    for (const [id, language] of [["vb-dutch", "nl"], ["vb-english", "en"]]) {
      const button = byId(id);
      if (!button) continue;
      button.lang = language;
      button.setAttribute("aria-pressed", String(document.documentElement.lang === language));
    }
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
    new MutationObserver(update).observe(document.querySelector("gradio-app"), { childList: true, subtree: true });
    update();
  }

  start();
})();
