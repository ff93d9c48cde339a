"use strict";
// Asks for the living part of the page again when something is new, unless it is held; says once that emergencies came.
const live = document.getElementById("live");
const pause = document.getElementById("pause");
const held = document.getElementById("held");
const announce = document.getElementById("announce");
const news = document.getElementById("news");
const title = document.title;
const SILENT = 10000, AGAIN = 3000;
let pausedAt = null, cutAt = null, selectedAt = null, heard = Date.now(), waiting = false, busy = false, unseen = 0, ticks = 0;
let source = null, told = live.dataset.heard;

const clock = (at) => new Date(at).toISOString().slice(11, 19) + " UTC";

function selecting() {
  const selection = window.getSelection();
  return !selection.isCollapsed && live.contains(selection.anchorNode);
}

// What keeps the page from being new, said where everybody sees it; then nothing on it may claim to be up to date.
function stand() {
  selectedAt = selecting() ? selectedAt ?? heard : null;
  cutAt = Date.now() - heard > SILENT ? cutAt ?? heard : null;
  const words = cutAt ? `No connection to the console. This is as of ${clock(cutAt)}; what came since is not here.`
    : pausedAt ? `Paused. This is as of ${clock(pausedAt)}; what came since is not here.`
    : selectedAt ? `Held still while text is selected, as of ${clock(selectedAt)}.` : "";
  if (held.textContent !== words) held.textContent = words;
  held.hidden = !words;
  document.body.classList.toggle("still", Boolean(words));
}

async function refresh() {
  stand();
  if (pausedAt || selectedAt || busy) { waiting = true; return; }
  busy = true; waiting = false;
  try {
    const url = new URL(location.pathname + location.search, location.origin);
    url.searchParams.set("part", "1");
    const answer = await fetch(url);
    const html = await answer.text();
    if (pausedAt || selecting()) waiting = true;
    else if (answer.ok || answer.status === 404) show(html);
    else waiting = true;
  } catch { waiting = true; } finally { busy = false; }
}

function show(html) {
  const name = (one) => one.getAttribute("href") || one.getAttribute("aria-label");
  const focused = live.contains(document.activeElement) && document.activeElement !== live ? name(document.activeElement) : null;
  const scrolls = new Map([...live.querySelectorAll(".scroll")].map((region) => [name(region), region.scrollLeft]));
  live.innerHTML = html;
  for (const region of live.querySelectorAll(".scroll")) region.scrollLeft = scrolls.get(name(region)) || 0;
  if (focused === null) return;
  const again = [...live.querySelectorAll("a, .scroll")].find((one) => name(one) === focused);
  (again || live).focus({ preventScroll: true });
}

function say(fresh, again) {
  const parts = [];
  if (fresh) parts.push(fresh === 1 ? "a new emergency" : `${fresh} new emergencies`);
  if (again) parts.push(again === 1 ? "an emergency told again" : `${again} emergencies told again`);
  const words = `${clock(Date.now())}: ${parts.join(", ")}.`;
  announce.textContent = words;
  document.getElementById("said").textContent = words;
  news.hidden = false;
  unseen += fresh + again;
  document.title = `(${unseen}) ${title}`;
}

// A browser keeps some six connections to one place: pages that nobody looks at give theirs back, but for the one that says what waits.
const resting = () => document.hidden && location.pathname !== "/";

function listen() {
  if (resting() || (source && source.readyState !== EventSource.CLOSED)) return;
  source = new EventSource("/events?heard=" + encodeURIComponent(told));
  source.addEventListener("tick", (event) => {
    heard = Date.now(); ticks += 1;
    if (event.lastEventId) told = event.lastEventId;
    const tick = JSON.parse(event.data);
    if (tick.new || tick.again) say(tick.new, tick.again);
    if (tick.changed || waiting || ticks % 5 === 0) refresh();
  });
  // A browser connects again by itself after a lost connection, but not after an answer that it did not expect.
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN); });
}

pause.hidden = false;
pause.addEventListener("click", () => {
  pausedAt = pausedAt ? null : Date.now();
  pause.textContent = pausedAt ? "Resume updates" : "Pause updates";
  pause.classList.toggle("on", Boolean(pausedAt));
  if (pausedAt) stand(); else refresh();
});
document.getElementById("seen").addEventListener("click", () => { news.hidden = true; unseen = 0; document.title = title; live.focus({ preventScroll: true }); });
addEventListener("pagehide", () => source?.close());
document.addEventListener("visibilitychange", () => { if (resting()) source?.close(); else listen(); });
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
setInterval(stand, 1000);
listen();
