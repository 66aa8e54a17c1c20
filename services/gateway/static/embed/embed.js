// Tickets on any site: <script src="https://tickets.example/embed.js" data-event="zout" async></script>
// data-event: the last part of the event's address; without it the season.
// data-organiser: the last part of the address of an organiser's own ticket page: that page, or the event in its look.
// data-lang: nl, fr or en; without it the reader's own. Nothing is stored and nobody is counted.
"use strict";

(() => {
  const script = document.currentScript;
  const house = new URL(script.src).origin;
  const { event, organiser, lang } = script.dataset;
  const page = new URL(event ? `/embed/${encodeURIComponent(event)}` : "/embed", house);
  if (organiser) page.searchParams.set("organiser", organiser);
  if (lang) page.searchParams.set("lang", lang);

  const frame = document.createElement("iframe");
  frame.src = page.href;
  frame.title = "Tickets";
  frame.referrerPolicy = "origin";
  frame.style.cssText = "display: block; width: 100%; height: 40rem; border: 0";
  script.after(frame);

  addEventListener("message", (message) => {
    if (message.source !== frame.contentWindow || message.origin !== house) return;
    const told = message.data?.avondkassa;
    if (Number.isFinite(told?.height)) frame.style.height = `${Math.ceil(told.height)}px`;
    if (typeof told?.title === "string") frame.title = told.title;
  });
})();
