// Close the cookie bar for this visit; nothing is stored.
for (const bar of document.querySelectorAll("[data-cookie-bar]")) {
  for (const button of bar.querySelectorAll("[data-cookie-accept]")) {
    button.addEventListener("click", () => bar.remove());
  }
}

// As a Next.js site does: build the accordions from the page's own data, so that a browser shows what the HTML lacks.
const data = document.getElementById("__NEXT_DATA__");
const place = document.querySelector("[data-hydrate=accordion]");
if (data && place) {
  const node = JSON.parse(data.textContent).props.pageProps.contentDetails.data.route.nodeContext;
  for (const paragraph of node.fieldParagraphs) {
    if (paragraph.__typename !== "ParagraphAccordion") continue;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = paragraph.fieldTitle;
    details.innerHTML = paragraph.fieldText.processed;
    details.prepend(summary);
    place.append(details);
  }
}
