"use strict";
// The roles of the run: search, filter, sort, charts, and all values of one role. `explorer` comes from explorer.py.

const data = readData("explorer");
const packed = new Set(readData("packed"));
const PAGE = 50; // rows of the table that are shown at once
const BARS = 20; // roles in the chart of ranges, and in the heat map
const DOTS = 1500; // roles in the chart of pay and jobs

// --- the data ----------------------------------------------------------------------------------------------------------------

const metricNumber = Object.fromEntries(data.metrics.map((name, number) => [name, number]));
const roles = data.roles.id.map((id, number) => ({
  number, id, name: data.roles.name[number], category: data.roleCategories[data.roles.category[number]],
  documents: data.roles.documents[number], open: data.roles.open[number], flags: 0, values: [], skills: new Map(),
}));
const values = data.values;
values.role.forEach((role, row) => {
  roles[role].values.push(row);
  if (values.flags[row]) roles[role].flags += 1;
});
data.skills.role.forEach((role, row) => roles[role].skills.set(data.skills.skill[row], data.skills.share[row]));
for (const role of roles) {
  for (const row of role.values) if (!values.category[row]) role[data.metrics[values.metric[row]]] ??= { row, value: values.value[row] };
}
const byId = new Map(roles.map((role) => [role.id, role]));
const numberOf = (role, metric) => role[metric]?.value ?? null;
const growth = (role) => numberOf(role, "job_growth");

const COLUMNS = [
  { key: "name", label: "role", sort: (role) => role.name },
  { key: "salary_yearly", label: "salary", unit: "USD/year" },
  { key: "salary_low", label: "low", unit: "USD/year" },
  { key: "salary_high", label: "high", unit: "USD/year" },
  { key: "job_count", label: "jobs", unit: "" },
  { key: "job_growth", label: "growth", unit: "percent" },
  { key: "job_satisfaction", label: "satisfaction", unit: "score" },
  { key: "documents", label: "documents", unit: "", sort: (role) => role.documents },
  { key: "look", label: "to look at", unit: "", sort: (role) => role.open + role.flags },
];
const state = { words: "", category: "", look: false, sort: "documents", down: true, rows: PAGE };

function chosen() {
  const wanted = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = roles.filter((role) =>
    (!state.category || role.category === state.category) && (!state.look || role.open + role.flags > 0) &&
    wanted.every((word) => role.name.toLowerCase().includes(word) || role.category.includes(word)));
  const column = COLUMNS.find((entry) => entry.key === state.sort);
  const key = column.sort ?? ((role) => numberOf(role, column.key));
  const side = state.down ? -1 : 1;
  return found.sort((a, b) => compare(key(a), key(b), side) || a.number - b.number);
}

// Empty cells come last, whatever the direction.
function compare(a, b, side) {
  if (a === null || b === null) return (a === null) - (b === null);
  return side * (typeof a === "string" ? a.localeCompare(b) : a - b);
}

// --- evidence ----------------------------------------------------------------------------------------------------------------

// A link to the characters of a value; where the document is not in the evidence file, the command that shows it.
function evidence(row, ...label) {
  const document = values.documents[values.document[row]];
  if (!document) return make("span", {}, label);
  if (!packed.has(document)) return make("span", { class: "command", role: "button", tabindex: "0", "data-command": `rolepages show ${document.slice(0, 12)}` }, label);
  return make("a", { href: `evidence.html#${document}-${values.observation[row]}`, title: "where this was read" }, label);
}

// --- the table ---------------------------------------------------------------------------------------------------------------

function drawTable(found) {
  const head = make("tr", {}, COLUMNS.map((column) => make("th", { scope: "col", class: column.unit === undefined ? null : "number",
    "aria-sort": state.sort === column.key ? (state.down ? "descending" : "ascending") : null },
  make("button", { type: "button", onclick: () => sortBy(column.key) }, column.label,
    make("span", { class: "arrow", "aria-hidden": "true" }, state.sort === column.key ? (state.down ? " ▼" : " ▲") : "")))));
  const rows = found.slice(0, state.rows).map((role) => make("tr", {}, COLUMNS.map((column) => cell(role, column))));
  fill($("roles-table"), make("table", {}, make("thead", {}, head), make("tbody", {}, rows)));
  const left = found.length - rows.length;
  fill($("more"), left > 0 ? make("button", { type: "button", onclick: () => { state.rows += PAGE * 4; update(true); } }, `Show more (${count(left)} left)`) : null);
}

function cell(role, column) {
  if (column.key === "name") {
    return make("th", { scope: "row" }, make("a", { href: `#role=${encodeURIComponent(role.id)}` }, role.name), role.category ? make("small", {}, ` ${role.category}`) : null);
  }
  if (column.key === "documents") return make("td", { class: "number" }, count(role.documents));
  if (column.key === "look") return make("td", { class: "number" }, role.open ? `${role.open} open ` : "", role.flags ? make("span", { class: "flag" }, `${role.flags} flagged`) : "");
  const found = role[column.key];
  if (!found || found.value === null) return make("td", { class: "number" }, make("span", { class: "none" }, "–"));
  const flagged = values.flags[found.row] ? make("span", { class: "flag", title: data.values.flagTexts[values.flags[found.row]] }, " ⚑") : null;
  return make("td", { class: "number" }, evidence(found.row, quantity(found.value, column.unit)), flagged);
}

function sortBy(key) {
  state.down = state.sort === key ? !state.down : key !== "name";
  state.sort = key;
  update();
}

// --- the charts --------------------------------------------------------------------------------------------------------------

const money = (value) => `$${Math.round(value / 1000)}k`;
const roleLink = (role) => `#role=${encodeURIComponent(role.id)}`;
const short = (name, length) => (name.length > length ? name.slice(0, length - 1) + "…" : name);
const width = (id) => Math.max(300, $(id).clientWidth);

function place(id, chart, empty) {
  fill($(id), chart ?? make("p", { class: "note" }, empty));
  // The squares of a legend stand beside its words.
  for (const swatch of $(id).querySelectorAll("svg:not([aria-label])")) swatch.setAttribute("aria-hidden", "true");
}

function drawRanges(found) {
  const shown = found.filter((role) => numberOf(role, "salary_yearly") !== null || numberOf(role, "salary_low") !== null).slice(0, BARS);
  const wide = width("ranges");
  const label = wide < 500 ? 17 : 30;
  const names = new Map(shown.map((role) => [role.id, short(reveal(role.name), label)]));
  const ranged = shown.filter((role) => numberOf(role, "salary_low") !== null && numberOf(role, "salary_high") !== null);
  const averaged = shown.filter((role) => numberOf(role, "salary_yearly") !== null);
  const saying = (role) => `${reveal(role.name)}\nlow ${quantity(numberOf(role, "salary_low"), "USD/year") || "–"}\naverage ${quantity(numberOf(role, "salary_yearly"), "USD/year") || "–"}\nhigh ${quantity(numberOf(role, "salary_high"), "USD/year") || "–"}`;
  place("ranges", shown.length ? Plot.plot({
    width: wide, height: 65 + shown.length * 22, marginBottom: 45, marginLeft: wide < 500 ? 125 : 230, marginRight: 20, ariaLabel: "Salary ranges per role",
    x: { label: "USD a year", tickFormat: money, grid: true, nice: true, ticks: wide < 500 ? 3 : 8 },
    y: { label: null, domain: shown.map((role) => role.id), tickFormat: (id) => names.get(id), tickSize: 0 },
    marks: [
      Plot.ruleY(ranged, { y: "id", x1: (role) => numberOf(role, "salary_low"), x2: (role) => numberOf(role, "salary_high"), stroke: "var(--metrics)", strokeWidth: 7, strokeOpacity: 0.35, strokeLinecap: "round", href: roleLink, title: saying }),
      Plot.dot(averaged, { y: "id", x: (role) => numberOf(role, "salary_yearly"), r: 5, fill: "var(--metrics)", stroke: "var(--paper)", href: roleLink, title: saying }),
    ],
  }) : null, "None of these roles has a salary.");
  note("ranges", shown.length, found.length);
}

function drawPay(found) {
  const all = found.filter((role) => numberOf(role, "salary_yearly") !== null && numberOf(role, "job_count") > 0);
  const shown = all.slice(0, DOTS);
  const wide = width("pay");
  place("pay", shown.length ? Plot.plot({
    width: wide, height: Math.min(440, wide * 0.75), marginLeft: 55, marginTop: 30, marginBottom: 45, inset: 14, ariaLabel: "Pay against number of jobs",
    x: { type: "log", label: "jobs (logarithmic)", grid: true, tickFormat: "~s", ticks: roundNumbers(shown.map((role) => numberOf(role, "job_count")), wide < 500 ? 4 : 8) },
    y: { label: "USD a year", tickFormat: money, grid: true, nice: true },
    marks: [
      Plot.dot(shown, { x: (role) => numberOf(role, "job_count"), y: (role) => numberOf(role, "salary_yearly"), r: shown.length > 300 ? 3 : 5,
        fill: (role) => (growth(role) === null ? "var(--quiet)" : growth(role) < 0 ? "var(--down)" : "var(--up)"), fillOpacity: 0.75, stroke: "var(--paper)", strokeWidth: 0.5, href: roleLink,
        title: (role) => `${reveal(role.name)}\n${quantity(numberOf(role, "salary_yearly"), "USD/year")}\n${count(numberOf(role, "job_count"))} jobs\n${growth(role) === null ? "growth unknown" : `growth ${quantity(growth(role), "percent")}`}` }),
      shown.length <= 12 ? names(shown, wide < 500 ? 20 : 40) : null,
    ],
  }) : null, "None of these roles has both a salary and a number of jobs.");
  note("pay", shown.length, found.length);
}

// Ticks of a logarithmic axis: few, round, and each with its label.
function roundNumbers(numbers, most) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  for (const steps of [[1, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = 1; power <= high; power *= 10) ticks.push(...steps.map((step) => step * power).filter((tick) => tick >= low && tick <= high));
    if (ticks.length <= most) return ticks;
  }
  // More powers of ten than there is room for: every second one, or every third ...
  const powers = [];
  for (let power = 1; power <= high; power *= 10) if (power >= low) powers.push(power);
  const step = Math.ceil(powers.length / most);
  return powers.filter((_, place) => place % step === 0);
}

// Names beside few dots; those on the right stand left of their dot, so that none is cut off.
function names(shown, length) {
  const jobs = shown.map((role) => Math.log(numberOf(role, "job_count")));
  const middle = (Math.min(...jobs) + Math.max(...jobs)) / 2;
  const isRight = (role) => Math.log(numberOf(role, "job_count")) > middle;
  const options = { x: (role) => numberOf(role, "job_count"), y: (role) => numberOf(role, "salary_yearly"), text: (role) => short(reveal(role.name), length), fill: "currentColor" };
  return [
    Plot.text(shown.filter(isRight), { ...options, textAnchor: "end", dx: -9 }),
    Plot.text(shown.filter((role) => !isRight(role)), { ...options, textAnchor: "start", dx: 9 }),
  ];
}

function drawSkills(found) {
  const wide = width("shared");
  const shown = found.filter((role) => role.skills.size > 0).slice(0, wide < 500 ? 8 : BARS);
  const cells = shown.flatMap((a) => shown.filter((b) => b !== a).map((b) => {
    const common = [...a.skills.keys()].filter((skill) => b.skills.has(skill));
    return { a: a.id, b: b.id, common, href: roleLink(a), title: `${reveal(a.name)}\n${reveal(b.name)}\n${common.length ? common.map((skill) => reveal(data.skillNames[skill])).join(", ") : "no skill in common"}` };
  }));
  const label = wide < 500 ? 16 : 26;
  const names = new Map(shown.map((role) => [role.id, short(reveal(role.name), label)]));
  const most = Math.max(1, ...cells.map((pair) => pair.common.length));
  const domain = shown.map((role) => role.id);
  const left = wide < 500 ? 118 : 195;
  place("shared", shown.length > 1 ? Plot.plot({
    width: wide, height: Math.min((wide - left) * 0.6, shown.length * 26) + left * 0.75 + 10, marginLeft: left, marginBottom: left * 0.75, marginTop: 10, ariaLabel: "Skills shared between roles",
    x: { domain, tickFormat: (id) => names.get(id), tickRotate: -40, label: null, tickSize: 0 },
    y: { domain, tickFormat: (id) => names.get(id), label: null, tickSize: 0 },
    opacity: { type: "linear", domain: [0, most], range: [0.06, 0.9] },
    marks: [
      Plot.cell(cells, { x: "b", y: "a", fill: "var(--skills)", fillOpacity: (pair) => pair.common.length, inset: 0.5, href: "href", title: "title" }),
      shown.length <= 12 ? Plot.text(cells, { x: "b", y: "a", text: (pair) => pair.common.length || "", fill: "currentColor" }) : null,
    ],
  }) : null, "Fewer than two of these roles list skills.");
  note("shared", shown.length, found.length);
}

function note(id, shown, all) {
  $(`${id}-note`).textContent = shown < all ? `${plural(shown, "role")} of ${count(all)}; search, filter or sort to see others.` : "";
}

function drawOrigins() {
  const origins = readData("origins").filter((row) => row.stated + row.resolved + row.derived + row.open > 0);
  const wide = width("origins-chart");
  const parts = origins.flatMap((row) => ["stated", "resolved", "derived", "open"].map((method) => ({ metric: words(row.metric), method, cells: row[method] }))).filter((part) => part.cells);
  place("origins-chart", parts.length ? Plot.plot({
    width: wide, height: 75 + origins.length * 20, marginBottom: 45, marginLeft: 150, marginRight: 25, ariaLabel: "Where the values came from",
    x: { label: "cells", grid: true, tickFormat: "~s", ticks: wide < 500 ? 3 : 8 }, y: { label: null, domain: origins.map((row) => words(row.metric)), tickSize: 0 },
    color: { domain: ["stated", "resolved", "derived", "open"], range: ["var(--metrics)", "var(--skills)", "var(--comparisons)", "var(--ambiguous)"], legend: true },
    marks: [Plot.barX(parts, { y: "metric", x: "cells", fill: "method", insetTop: 2, insetBottom: 2, title: (part) => `${part.metric}: ${count(part.cells)} ${part.method}` }), Plot.ruleX([0])],
  }) : null, "There are no values.");
}

// --- one role ----------------------------------------------------------------------------------------------------------------

function openRole(role) {
  const rows = [...role.values].sort((a, b) => values.metric[a] - values.metric[b]).map((row) => {
    const unit = data.units[values.metric[row]];
    const saying = [values.texts[values.text[row]], quantity(values.value[row], unit)].filter(Boolean).join(", ");
    return make("tr", {}, make("th", { scope: "row" }, words(data.metrics[values.metric[row]]), make("small", {}, ` ${values.texts[values.category[row]]}`)),
      make("td", {}, evidence(row, saying)), make("td", {}, data.methods[values.method[row]]), make("td", { class: "number" }, values.confidence[row].toFixed(2)),
      make("td", {}, make("span", { class: "flag" }, data.values.flagTexts[values.flags[row]])));
  });
  const head = ["metric", "value", "method", "confidence", "flags"].map((label, place) => make("th", { scope: "col", class: place === 3 ? "number" : null }, label));
  const skills = [...role.skills].map(([skill, share]) => make("li", {}, data.skillNames[skill], share === null ? "" : make("small", {}, ` ${quantity(share, "percent")}`)));
  fill($("role"), make("form", { method: "dialog" }, make("button", { class: "close", "aria-label": "Close" }, "×")), make("h2", {}, role.name),
    make("p", { class: "note" }, [role.category, role.id, plural(role.documents, "document"), role.open ? plural(role.open, "open cell") : ""].filter(Boolean).join(" · ")),
    rows.length ? make("div", { class: "scroll", tabindex: "0" }, make("table", {}, make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows))) : make("p", {}, "No values."),
    skills.length ? [make("h3", {}, "Skills"), make("ul", { class: "tags" }, skills)] : null);
  if (!$("role").open) $("role").showModal();
}

function follow() {
  const id = /^#role=(.*)$/.exec(location.hash)?.[1];
  const role = id === undefined ? undefined : byId.get(decodeURIComponent(id));
  if (role) openRole(role);
  else if ($("role").open) $("role").close();
}

// --- the page ----------------------------------------------------------------------------------------------------------------

function update(keep = false) {
  if (!keep) state.rows = PAGE;
  const found = chosen();
  $("found").textContent = `${plural(found.length, "role")}${found.length < roles.length ? ` of ${count(roles.length)}` : ""}`;
  drawTable(found);
  if (keep) return;
  drawRanges(found);
  drawPay(found);
  drawSkills(found);
}

function start() {
  const categories = [...new Set(roles.map((role) => role.category).filter(Boolean))].sort();
  fill($("category"), make("option", { value: "" }, "every field of work"), categories.map((name) => make("option", { value: name }, name)));
  let waiting = 0;
  $("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.words = event.target.value; update(); }, 120);
  });
  $("category").addEventListener("change", (event) => { state.category = event.target.value; update(); });
  $("look").addEventListener("change", (event) => { state.look = event.target.checked; update(); });
  // Closing leaves the place in the page alone, and the history as it was before the role.
  $("role").addEventListener("close", () => location.hash.startsWith("#role=") && history.replaceState(null, "", location.pathname + location.search));
  $("role").addEventListener("click", (event) => event.target === $("role") && $("role").close());
  addEventListener("hashchange", follow);
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === wide) return;
    wide = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => { update(); drawOrigins(); }, 200);
  });
  drawOrigins();
  update();
  follow();
  document.documentElement.dataset.ready = "true";
}

start();
