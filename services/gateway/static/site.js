// Speed, not function: every page works without this file, except scanning with the camera.
"use strict";

const lang = document.documentElement.lang;
const euros = (cents, currency) =>
  new Intl.NumberFormat(lang === "en" ? "en-GB" : `${lang}-BE`, { style: "currency", currency }).format(cents / 100);

// Messages about what went wrong take the focus, so that they are read first. Of a fresh page the browser sees to
// whatever carries autofocus; what is swapped in later is ours to focus.
function takeFocus(root) {
  const message = root.querySelector("[data-focus]");
  const field = root.querySelector("[autofocus]");
  if (message) message.focus();
  else if (root !== document) (field ?? root.querySelector("input[name=seat]:enabled"))?.focus();
}

// The time that places are still held, whatever somebody does to the clock of the device. Two minutes before the end it
// is said aloud, once; at the end the page says how to go on, and what was typed stays.
function countDown(root) {
  for (const clock of root.querySelectorAll("[data-countdown]")) {
    const end = performance.now() + Number(clock.dataset.countdown) * 1000;
    const holding = clock.closest("[data-holding]");
    const told = holding.querySelector("[data-told]");
    const timer = setInterval(() => {
      if (!clock.isConnected) return clearInterval(timer);
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left <= 120 && !told.textContent) told.textContent = told.dataset.warning;
      if (left > 0) return;
      clearInterval(timer);
      for (const gone of document.querySelectorAll("[data-holding], form.checkout .pay")) gone.hidden = true;
      document.querySelector("[data-over]").hidden = false;
    }, 250);
    holding.querySelector("[data-extend]")?.addEventListener("click", (event) => extend(event, holding));
  }
}

// More time without leaving the place in the page; what was typed so far goes along and is kept.
async function extend(event, holding) {
  event.preventDefault();
  const button = event.target;
  const body = new URLSearchParams(new FormData(button.form));
  const answer = await fetch(button.formAction, { method: "POST", body }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page?.querySelector("[data-holding]");
  if (!fresh) return button.form.requestSubmit(button);
  holding.replaceWith(fresh);
  fresh.focus();
  countDown(fresh);
}

// What was chosen so far: number of places and amount, on the shop's page and at the counter.
function chosen(form) {
  const best = form.elements.how?.value === "best";
  const seats = best ? [] : [...form.querySelectorAll("input[name=seat]:checked")];
  let places = seats.length;
  let cents = 0;
  for (const seat of seats) cents += seatPrice(form, seat.closest(".row").dataset.zone) ?? 0;
  for (const count of form.querySelectorAll("input[type=number][data-cents]")) {
    if (count.name.startsWith("best.") && !best) continue;
    places += Number(count.value);
    cents += Number(count.value) * Number(inZone(count, form.elements.zone?.value));
  }
  return { places, cents };
}

const inZone = (price, zone) => (zone ? price.getAttribute(`data-${zone}`) : null) ?? price.dataset.cents;

// What a seat of a zone costs at the price that is chosen for seats; null where none is.
function seatPrice(form, zone) {
  const price = form.querySelector("input[name=seat_price]:checked, input[name=seat_price][type=hidden]");
  return price && Number(inZone(price, zone));
}

function showSum(form) {
  const { places, cents } = chosen(form);
  const sum = form.querySelector("[data-sum]");
  if (sum) {
    const amount = euros(cents, form.dataset.currency);
    const words = places === 1 ? sum.dataset.one : sum.dataset.many;
    sum.textContent = words.replace("{n}", places).replace("{total}", amount);
    sum.hidden = places === 0;
    sum.parentElement.classList.toggle("hold-chosen", places > 0);
  }
  const total = form.querySelector("[data-total]");
  if (!total) return;
  total.textContent = euros(cents, form.dataset.currency);
  const given = Math.round(parseFloat(form.elements.given.value.replace(",", ".") || "0") * 100);
  const change = form.querySelector("[data-change]");
  change.textContent = euros(Math.abs(given ? given - cents : 0), form.dataset.currency);
  change.parentElement.classList.toggle("till-short", given > 0 && given < cents);
}

// A number gets a button for one less and one for one more.
function addSteps(field) {
  const box = document.createElement("span");
  box.className = "count";
  field.replaceWith(box);
  const step = (sign, move) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", `${sign} ${field.labels[0]?.textContent ?? ""}`);
    button.addEventListener("click", () => {
      move();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  };
  box.append(field);
  field.before(step("−", () => field.stepDown()));
  field.after(step("+", () => field.stepUp()));
}

// Arrow keys walk over the seats as the eye does.
function walkSeats(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!step || event.target.name !== "seat") return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll(".row")].map((row) => [...row.querySelectorAll("input")]);
  let y = rows.findIndex((row) => row.includes(event.target));
  let x = rows[y].indexOf(event.target);
  do {
    y += step[0];
    x += step[1];
  } while (rows[y]?.[x]?.disabled);
  rows[y]?.[x]?.focus();
}

// Counter and door: the answer is swapped in, without a page load between sale and sale.
async function swap(form) {
  const button = form.querySelector("button:not([type=button])");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-swap]");
    if (!fresh) throw new Error("another page");
    document.querySelector("[data-swap]").replaceWith(fresh);
    prepare(fresh);
  } catch {
    button.disabled = false;
    form.dataset.plain = "yes";
    form.submit();
  }
}

let camera = null;

async function scan(form) {
  const view = form.querySelector("[data-view]");
  camera ??= await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  view.srcObject = camera;
  view.hidden = false;
  await view.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let last = sessionStorage.getItem("last-code");
  while (view.isConnected) {
    const found = (await detector.detect(view).catch(() => []))[0]?.rawValue;
    if (found && found !== last) {
      sessionStorage.setItem("last-code", found);
      form.elements.code.value = found;
      await swap(form);
      return;
    }
    if (!found) last = null;
    await new Promise(requestAnimationFrame);
  }
}

function prepareDoor(form) {
  const field = form.querySelector("[data-keep-focus]");
  field.addEventListener("blur", () => setTimeout(() => document.activeElement === document.body && field.focus(), 150));
  const button = form.querySelector("[data-camera]");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  button.hidden = false;
  button.addEventListener("click", () => scan(form));
  if (camera) scan(form);
}

function prepare(root) {
  takeFocus(root);
  countDown(root);
  for (const field of root.querySelectorAll("input[type=number][data-cents]")) addSteps(field);
  for (const form of root.querySelectorAll("form.hold")) {
    // On a phone a hall is larger than the screen: there the house chooses unless somebody wants to.
    const phone = matchMedia("(max-width: 40rem)").matches && "fresh" in form.dataset;
    if (phone && form.elements.how) form.elements.how.value = "best";
    form.addEventListener("input", () => showSum(form));
    showSum(form);
  }
  for (const hall of root.querySelectorAll(".hall")) hall.addEventListener("keydown", walkSeats);
  for (const door of root.querySelectorAll("[data-door]")) prepareDoor(door);
  for (const form of root.querySelectorAll("[data-till], [data-door]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.plain) return;
      event.preventDefault();
      swap(form);
    });
  }
}

// A page that waits for something asks quietly, and is only loaded again when there is something else to read.
async function lookAgain(pause) {
  await new Promise((done) => setTimeout(done, pause));
  const answer = await fetch(location.href).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = (from) => from.querySelector("main")?.textContent;
  if (page && shown(page) !== shown(document)) location.reload();
  else lookAgain(pause);
}

// In a line, the place is asked anew and the sentence is spoken only when it says something else.
async function standInLine(line) {
  const shown = () => line.querySelector("[data-place]");
  const spoken = document.createElement("p");
  spoken.className = "sr";
  spoken.setAttribute("role", "status");
  line.after(spoken);
  for (;;) {
    await new Promise((done) => setTimeout(done, Number(shown().dataset.again) * 1000));
    const answer = await fetch(line.dataset.line).catch(() => null);
    if (answer?.status === 404) return location.reload();
    if (!answer?.ok) continue;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-place]");
    const words = fresh.querySelector("[data-spoken]").textContent;
    if (spoken.textContent !== words) spoken.textContent = words;
    shown().replaceWith(fresh);
    if (fresh.dataset.onward) {
      document.title = words;
      return location.assign(fresh.dataset.onward);
    }
  }
}

// A turn says two minutes before its end that it ends, and is extended without losing what was chosen.
function takeTurn(turn) {
  const warn = () => (turn.querySelector("[data-ending]").hidden = false);
  setTimeout(warn, Math.max(0, Number(turn.dataset.turn) - 120) * 1000);
  turn.querySelector("form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(event.target.action, { method: "POST" }).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.querySelector("[data-turn]");
    if (!fresh) return location.reload();
    turn.replaceWith(fresh);
    fresh.focus();
    takeTurn(fresh);
  });
}

// A password that is being chosen: the house judges it, so that no list has to come along.
function judge(field) {
  const told = document.querySelector(`[data-strength-of="${field.id}"]`);
  const words = told.querySelector("[data-words]");
  let pause;
  let asked = 0;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    const turn = ++asked;
    told.hidden = field.value === "";
    if (told.hidden) return;
    pause = setTimeout(async () => {
      const known = [field.dataset.strength, field.form.elements.name?.value ?? ""];
      const answer = await fetch("/api/v1/passwords/strength", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ password: field.value, words: known.filter(Boolean) }),
      }).catch(() => null);
      if (!answer?.ok || turn !== asked) return;
      const { score, problem } = await answer.json();
      const level = problem ? Math.min(score, 1) : score;
      told.dataset.level = level;
      words.textContent = JSON.parse(words.dataset.words)[level];
    }, 250);
  });
}

document.addEventListener("keydown", (event) => {
  const till = document.querySelector("[data-till]");
  if (till && event.key === "Enter" && (event.ctrlKey || event.metaKey)) till.requestSubmit();
});
prepare(document);
for (const field of document.querySelectorAll("[data-strength]")) judge(field);
const again = document.querySelector("meta[name=again]");
if (again) lookAgain(Number(again.content) * 1000);
for (const line of document.querySelectorAll("[data-line]")) standInLine(line);
for (const turn of document.querySelectorAll("[data-turn]")) takeTurn(turn);
