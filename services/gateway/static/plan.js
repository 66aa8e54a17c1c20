// The hall as a picture: walked through with the arrow keys, read aloud seat by seat, tapped with a thumb, and showing within
// seconds what others take. The check boxes of the form stay what is sent; without this file they are what is shown.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const UNIT = 46; // Pixels of a seat with the air around it: a thumb needs 44.
const OFTEN = 2000;
const filled = (words, facts) => words.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function shape(name, facts, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Rows as the form lists them: of each seat its box, where it stands, what it is called.
function readRows(hall, told) {
  let place = 0;
  return [...hall.querySelectorAll(".row")].map((row) => {
    const [label, zone] = [row.dataset.row, row.dataset.zone ?? ""];
    return [...row.querySelectorAll("input")].map((box) => {
      const [x, y, at] = told.at[place++];
      const name = filled(told.words.seat, { row: label, number: box.dataset.n });
      return { box, x, y, at, name, label, zone, hue: Math.max(0, told.order.indexOf(zone)) % 4, kind: box.dataset.kind ?? "normal" };
    });
  });
}

function drawSeat(seat, move) {
  const group = shape("g", {
    role: "checkbox",
    tabindex: -1,
    class: `chair hue-${seat.hue} is-${seat.kind}`,
    transform: move(seat.x, seat.y),
  });
  group.append(
    shape("rect", { class: "reach", x: -UNIT / 2, y: -UNIT / 2, width: UNIT, height: UNIT }),
    shape("path", { class: "back", d: "M-17 17V-9a8 8 0 0 1 8-8H9a8 8 0 0 1 8 8V17z" }),
  );
  if (seat.kind === "wheelchair") group.append(shape("path", { class: "inner", d: "M-12 12V-7a5 5 0 0 1 5-5H7a5 5 0 0 1 5 5V12z" }));
  if (seat.kind === "restricted") group.append(shape("path", { class: "pillar", d: "M-17 15H17" }));
  group.append(shape("text", { y: 5, "aria-hidden": "true" }, seat.box.dataset.n));
  seat.shape = group;
  return group;
}

function drawRow(row, told, move) {
  const [first, last] = [row[0], row.at(-1)];
  const called = [filled(told.words.row, { row: first.label }), told.zones[first.zone]].filter(Boolean).join(", ");
  const group = shape("g", { role: "group", "aria-label": called });
  for (const x of [first.x - 0.85, last.x + 0.85])
    group.append(shape("text", { class: "plan-row", "aria-hidden": "true", transform: move(x, first.y + 0.11) }, first.label));
  group.append(...row.map((seat) => drawSeat(seat, move)));
  return group;
}

function drawHall(rows, told) {
  const seats = rows.flat();
  const [xs, ys] = [seats.map((seat) => seat.x), seats.map((seat) => seat.y)];
  const [left, top] = [Math.min(...xs) - 1.3, Math.min(...ys) - 2.2];
  const [width, height] = [(Math.max(...xs) + 1.3 - left) * UNIT, (Math.max(...ys) + 0.7 - top) * UNIT];
  const move = (x, y) => `translate(${((x - left) * UNIT).toFixed(1)} ${((y - top) * UNIT).toFixed(1)})`;
  const svg = shape("svg", { class: "plan", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": told.words.map });
  const half = Math.min(width / 2 - 20, 260);
  const stage = shape("g", { class: "plan-stage", "aria-hidden": "true", transform: `translate(${width / 2} 26)` });
  stage.append(shape("path", { d: `M${-half} 8Q0 -22 ${half} 8` }), shape("text", { y: 16 }, told.words.stage));
  svg.append(stage);
  let zone = null;
  for (const row of rows) {
    const title = told.zones[row[0].zone];
    const [middle, above] = [(row[0].x + row.at(-1).x) / 2, row[0].y - 0.62];
    if (title && row[0].zone !== zone)
      svg.append(shape("text", { class: "plan-zone", "aria-hidden": "true", transform: move(middle, above) }, title));
    zone = row[0].zone;
    svg.append(drawRow(row, told, move));
  }
  return { svg, width, height };
}

// How a seat stands, for the eye and for the ear: row, number, zone, kind, price, state.
function show(seat, form, told) {
  const { checked, disabled } = seat.box;
  const state = disabled ? "taken" : checked ? "chosen" : "free";
  const price = seatPrice(form, seat.zone);
  const money = price === null ? "" : price ? euros(price, form.dataset.currency) : told.words.nothing;
  const kind = seat.kind === "normal" ? "" : told.words[seat.kind];
  const name = [seat.name, told.zones[seat.zone], kind, disabled ? "" : money, told.words[state]].filter(Boolean).join(", ");
  for (const [key, value] of Object.entries({ "aria-label": name, "aria-checked": checked, "aria-disabled": disabled }))
    if (seat.shape.getAttribute(key) !== String(value)) seat.shape.setAttribute(key, value);
}

// One seat of the plan is a stop of the Tab key; from there one walks as the eye does, over what is free.
function walk(rows, seats, move) {
  const free = (row) => row.filter((seat) => !seat.box.disabled);
  const steps = {
    ArrowLeft: (seat, row) => free(row).findLast((one) => one.x < seat.x),
    ArrowRight: (seat, row) => free(row).find((one) => one.x > seat.x),
    Home: (seat, row) => free(row)[0],
    End: (seat, row) => free(row).at(-1),
    ArrowUp: (seat, row) => nearest(seat, rows.slice(0, rows.indexOf(row)).findLast((one) => free(one).length)),
    ArrowDown: (seat, row) => nearest(seat, rows.slice(rows.indexOf(row) + 1).find((one) => free(one).length)),
  };
  const nearest = (seat, row) =>
    row && free(row).reduce((best, one) => (Math.abs(one.x - seat.x) < Math.abs(best.x - seat.x) ? one : best));
  return (event) => {
    const seat = seats.find((one) => one.shape === event.target.closest(".chair"));
    if (!seat) return;
    if (event.key === " " || event.key === "Enter") return event.preventDefault(), move.toggle(seat);
    const next = steps[event.key]?.(seat, rows.find((row) => row.includes(seat)));
    if (steps[event.key]) event.preventDefault();
    if (next) move.to(next, true);
  };
}

// Seen from near, a thumb hits every seat and the plan is pushed about; seen whole, a tap goes near to where it was.
function zoom(view, drawn, button, told) {
  let near = true;
  const scale = (nearer, at) => {
    near = nearer;
    const factor = near ? 1 : Math.min(1, view.clientWidth / drawn.width);
    drawn.svg.setAttribute("width", drawn.width * factor);
    drawn.svg.setAttribute("height", drawn.height * factor);
    button.textContent = near ? told.words.whole : told.words.near;
    if (!at) return;
    view.scrollLeft = at.x * drawn.width - view.clientWidth / 2;
    view.scrollTop = at.y * drawn.height - view.clientHeight / 2;
  };
  const fit = () => (button.hidden = drawn.width <= view.clientWidth && near);
  button.addEventListener("click", () => scale(!near, { x: 0.5, y: 0 }));
  // A plan that was hidden has no width yet: the middle of the hall comes into sight with it.
  let seen = 0;
  new ResizeObserver(() => {
    scale(near, seen ? null : { x: 0.5, y: 0 });
    seen = view.clientWidth;
    fit();
  }).observe(view);
  return (event) => {
    const box = drawn.svg.getBoundingClientRect();
    if (near || box.width >= drawn.width * 0.95) return false;
    scale(true, { x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height });
    return true;
  };
}

// What others took or gave back meanwhile. Nobody in particular asks: no cookie goes along.
async function follow(hall, told, seats, say, refresh) {
  const form = hall.closest("form");
  for (let wait = OFTEN; hall.isConnected; ) {
    await new Promise((done) => setTimeout(done, wait));
    if (document.hidden) continue;
    const answer = await fetch(told.live, { credentials: "omit" }).catch(() => null);
    const now = answer?.ok ? await answer.json().catch(() => null) : null;
    wait = now ? OFTEN : Math.min(wait * 2, 30_000);
    if (!now || now.seats.length !== seats.length) continue;
    for (const seat of seats) {
      const taken = now.seats[seat.at] === "0";
      if (taken === seat.box.disabled) continue;
      if (taken && seat.box.checked) say(filled(told.words.lost, { seat: seat.name }));
      if (taken) seat.box.checked = false;
      seat.box.disabled = taken;
      refresh(seat);
    }
    const standing = form.querySelector("[data-standing]");
    if (standing && now.standing_free !== null)
      standing.textContent = filled(standing.dataset[now.standing_free === 1 ? "one" : now.standing_free ? "other" : "none"], { n: now.standing_free });
    showSum(form);
  }
}

function prepareHall(hall) {
  const form = hall.closest("form");
  const told = JSON.parse(hall.querySelector("[data-plan]").textContent);
  const rows = readRows(hall, told);
  const seats = rows.flat();
  const drawn = drawHall(rows, told);
  const [view, said, button] = ["div", "p", "button"].map((name) => document.createElement(name));
  Object.assign(view, { className: "plan-view" }).append(drawn.svg);
  Object.assign(said, { className: "sr" }).setAttribute("role", "status");
  Object.assign(button, { className: "link plan-zoom", type: "button" });
  hall.querySelector("[data-rows]").hidden = true;
  hall.querySelector("[data-rows]").before(button, view, said);
  const say = (words) => (said.textContent = words);
  const stop = (seat) => seats.forEach((one) => one.shape.setAttribute("tabindex", one === seat ? 0 : -1));
  const refresh = (seat) => {
    show(seat, form, told);
    if (seat.box.disabled && seat.shape.getAttribute("tabindex") === "0" && document.activeElement !== seat.shape)
      stop(seats.find((one) => !one.box.disabled) ?? seat);
  };
  const move = {
    to(seat, focus) {
      stop(seat);
      if (focus) seat.shape.focus();
    },
    toggle(seat) {
      const full = !seat.box.checked && chosen(form).places >= Number(form.dataset.limit);
      if (seat.box.disabled || full) return say(seat.box.disabled ? `${seat.name}, ${told.words.taken}` : told.words.full);
      seat.box.checked = !seat.box.checked;
      seat.box.dispatchEvent(new Event("input", { bubbles: true }));
      say(filled(told.words[seat.box.checked ? "took" : "left"], { seat: seat.name }));
    },
  };
  const nearer = zoom(view, drawn, button, told);
  drawn.svg.addEventListener("click", (event) => {
    const seat = seats.find((one) => one.shape === event.target.closest(".chair"));
    if (nearer(event) || !seat) return;
    move.to(seat, !seat.box.disabled);
    move.toggle(seat);
  });
  drawn.svg.addEventListener("keydown", walk(rows, seats, move));
  form.addEventListener("input", () => {
    seats.forEach((seat) => show(seat, form, told));
    for (const told of hall.querySelectorAll("[data-price-of]")) {
      const price = seatPrice(form, told.dataset.priceOf);
      if (price !== null) told.textContent = euros(price, form.dataset.currency);
    }
  });
  seats.forEach(refresh);
  stop(seats.find((seat) => seat.box.checked) ?? seats.find((seat) => !seat.box.disabled) ?? seats[0]);
  follow(hall, told, seats, say, refresh);
}

for (const plan of document.querySelectorAll("form.hold [data-plan]")) prepareHall(plan.closest(".hall"));
