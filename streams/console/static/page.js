"use strict";
// Asks for the living part of the page again when something is new, unless paused; says once that emergencies came.
const live = document.getElementById("live");
const pause = document.getElementById("pause");
const link = document.getElementById("link");
const announce = document.getElementById("announce");
let paused = false, waiting = false, busy = false, heard = Date.now();

async function refresh() {
  if (paused || busy || (live.contains(document.activeElement) && document.activeElement !== live && !window.getSelection().isCollapsed)) { waiting = true; return; }
  busy = true; waiting = false;
  try {
    const url = new URL(location.href);
    url.searchParams.set("part", "1");
    const answer = await fetch(url);
    if (answer.ok && !paused) show(await answer.text());
  } catch { waiting = true; } finally { busy = false; }
}

function show(html) {
  const focused = live.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.getAttribute("href") || focused.getAttribute("aria-label"));
  const scrolls = [...live.querySelectorAll(".scroll")].map((region) => region.scrollLeft);
  live.innerHTML = html;
  [...live.querySelectorAll(".scroll")].forEach((region, at) => { region.scrollLeft = scrolls[at] || 0; });
  if (key) [...live.querySelectorAll("a, .scroll")].find((one) => (one.getAttribute("href") || one.getAttribute("aria-label")) === key)?.focus();
}

function tell() {
  const silent = Date.now() - heard > 10000;
  link.hidden = !silent;
  if (silent && !link.textContent) link.textContent = "No connection to the console: what you see is old.";
  if (!silent) link.textContent = "";
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = paused ? "Updates paused: resume" : "Pause updates";
  if (!paused) refresh();
});

let ticks = 0;
const source = new EventSource("/events");
source.addEventListener("tick", (event) => {
  heard = Date.now(); ticks += 1;
  const told = JSON.parse(event.data);
  if (told.emergencies > 0) announce.textContent = told.emergencies === 1 ? "A new emergency alert." : `${told.emergencies} new emergency alerts.`;
  if (told.changed || waiting || ticks % 5 === 0) refresh();
});
setInterval(tell, 2000);
