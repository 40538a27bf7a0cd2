"use strict";
// Shows one document with everything that was read from it. `documents` and their facts come from evidence.py.

const { fields, documents } = readData("documents");
const byId = new Map(documents.map((entry) => [entry.id, entry]));
const TABLES = ["metrics", "skills", "responsibilities", "comparisons", "roles"];
const at = Object.fromEntries(fields.map((name, number) => [name, number]));
let shown = null; // the document
let facts = []; // its facts as objects
let marks = new Map(); // number of a fact -> the pieces of text that it was read from

// --- from offsets to marks ---------------------------------------------------------------------------------------------------

// Python counts code points, JavaScript UTF-16 units: an array of code points has Python's offsets.
function layOut(entry) {
  const characters = Array.from(entry.text);
  const spans = [];
  facts.forEach((fact, number) => {
    spans.push({ start: fact.start, end: fact.end, fact: number });
    if (fact.example_start !== null) spans.push({ start: fact.example_start, end: fact.example_end, fact: number });
  });
  for (const [start, end, reason] of entry.unparsed) spans.push({ start, end, reason });
  const cuts = new Set([0, characters.length]);
  for (const span of spans) cuts.add(Math.min(span.start, characters.length)).add(Math.min(span.end, characters.length));
  characters.forEach((char, place) => char === "\n" && cuts.add(place).add(place + 1));
  const edges = [...cuts].sort((a, b) => a - b);
  spans.sort((a, b) => a.start - b.start);
  return { characters, edges, spans };
}

function drawText(entry) {
  const { characters, edges, spans } = layOut(entry);
  const lines = [];
  let line = newLine(lines);
  let next = 0;
  let active = [];
  for (let piece = 0; piece + 1 < edges.length; piece++) {
    const [start, end] = [edges[piece], edges[piece + 1]];
    while (next < spans.length && spans[next].start <= start) active.push(spans[next++]);
    active = active.filter((span) => span.end > start);
    if (characters[start] === "\n") {
      line = newLine(lines);
      continue;
    }
    line.text.push(characters.slice(start, end).join(""));
    line.parts.push(active.length ? markPiece(characters.slice(start, end), active, start) : showCharacters(characters.slice(start, end)));
    line.marked ||= active.length > 0;
  }
  return lines.map((content, number) => drawLine(content, number + 1));
}

function newLine(lines) {
  lines.push({ parts: [], text: [], marked: false });
  return lines[lines.length - 1];
}

function drawLine({ parts, text, marked }, number) {
  const known = !marked && text.join("").trim() !== "";
  return make("div", { class: known ? "line boilerplate" : "line", title: known ? "known boilerplate" : null },
    make("span", { class: "place", "aria-hidden": "true" }, number), make("span", { class: "words" }, parts));
}

// What cannot be seen becomes a mark of its own, so that it neither acts nor hides.
function showCharacters(characters) {
  const parts = [];
  let plain = "";
  for (const char of characters) {
    if (reveal(char) === char) plain += char;
    else {
      parts.push(plain, make("span", { class: "unseen", title: "a character that cannot be seen" }, codePoint(char)));
      plain = "";
    }
  }
  return [...parts, plain];
}

function markPiece(characters, active, start) {
  const numbers = [...new Set(active.filter((span) => span.fact !== undefined).map((span) => span.fact))];
  const reasons = active.filter((span) => span.reason !== undefined).map((span) => span.reason);
  const first = facts[numbers.find((number) => facts[number].method === "ambiguous") ?? numbers[0]];
  const kind = first ? (first.method === "ambiguous" ? "ambiguous" : first.table) : "unparsed";
  const hint = [...numbers.map((number) => describe(facts[number])), ...reasons.map((reason) => `unparsed: ${reason}`)];
  const mark = make("mark", {
    class: `${kind} ${reasons.length ? "unparsed" : ""}`, tabindex: "0", role: "button", title: hint.join("\n"),
    "data-start": start, onclick: () => select(numbers, reasons, mark), onkeydown: (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); select(numbers, reasons, mark); }
    },
  }, showCharacters(characters));
  for (const number of numbers) marks.set(number, [...(marks.get(number) ?? []), mark]);
  return mark;
}

// --- words for facts ---------------------------------------------------------------------------------------------------------

function describe(fact) {
  const what = [words(fact.field), fact.category].filter(Boolean).join(" · ");
  const versus = fact.other_role_id ? ` (beside ${fact.other_role_id})` : "";
  return `${fact.role_id}${versus}: ${what} = ${saying(fact)} [${fact.method === "ambiguous" ? "open" : fact.method}]`;
}

function saying(fact) {
  if (fact.method === "ambiguous") return "open: " + fact.readings.join(" or ");
  const short = fact.text && fact.text.length > 120 ? fact.text.slice(0, 119) + "…" : fact.text;
  return [short, quantity(fact.value, fact.unit)].filter(Boolean).join(", ") || "no value";
}

function detail(fact) {
  const id = `${shown.id}-${String(fact.observation_id).padStart(4, "0")}`;
  const rows = [["table", fact.table], ["role", fact.role_id], ["field", fact.field], ["category", fact.category],
    ["other role", fact.other_role_id], ["value", fact.method === "ambiguous" ? "" : quantity(fact.value, fact.unit)], ["text", fact.text],
    ["method", fact.method === "ambiguous" ? "open: several readings, nothing to choose by" : fact.method],
    ["readings", fact.readings.join(" · ")], ["rank", fact.rank], ["confidence", fact.confidence],
    ["characters", `${count(fact.start)} to ${count(fact.end)}`], ["observation", id]];
  const derived = shown.derived.filter((other) => other.derived_from.includes(id));
  const checks = shown.checks.filter((check) => check.role_id === fact.role_id && check.metric === fact.field && check.category === fact.category);
  return make("div", { class: `fact ${fact.method === "ambiguous" ? "ambiguous" : fact.table}` },
    make("dl", {}, rows.filter(([, value]) => value !== "" && value !== null).map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    derived.map((other) => make("p", {}, "From this was derived: ", make("b", {}, `${other.role_id} ${words(other.field)} ${quantity(other.value, other.unit)}`),
      other.derived_from.length > 1 ? ", together with " : "", other.derived_from.filter((from) => from !== id).map(linkTo))),
    checks.map((check) => make("p", { class: "check" }, make("b", {}, check.rule), `: expected ${check.expected}, found ${check.found}. ${check.explanation}`)));
}

function linkTo(id) {
  const known = byId.get(id.slice(0, 32))?.facts.find((row) => row[at.observation_id] === Number(id.slice(33)));
  const label = known ? `${known[at.role_id]} ${words(known[at.field])} ${quantity(known[at.value], known[at.unit])}` : id;
  return known ? make("a", { href: `#${id}` }, label) : label;
}

// --- choosing ----------------------------------------------------------------------------------------------------------------

function select(numbers, reasons, target) {
  for (const node of document.querySelectorAll("mark.selected")) node.classList.remove("selected");
  const nodes = numbers.length ? numbers.flatMap((number) => marks.get(number) ?? []) : [target];
  (numbers.length > 1 ? [target] : nodes).filter(Boolean).forEach((node) => node.classList.add("selected"));
  fill($("selected"), make("h2", {}, numbers.length > 1 ? `${numbers.length} facts in these characters` : "Selected"),
    numbers.map((number) => detail(facts[number])), reasons.map((reason) => make("p", { class: "fact unparsed" }, "unparsed: ", reason)));
}

function go(number) {
  const target = marks.get(number)?.[0];
  if (!target) return;
  select([number], [], target);
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

function goTo(start) {
  const all = [...document.querySelectorAll("mark")];
  const target = all.find((mark) => Number(mark.dataset.start) >= start);
  if (target) { target.click(); target.scrollIntoView({ block: "center" }); target.focus({ preventScroll: true }); }
}

// --- the page ----------------------------------------------------------------------------------------------------------------

function show(entry) {
  shown = entry;
  marks = new Map();
  facts = entry.facts.map((row) => Object.fromEntries(fields.map((name) => [name, row[at[name]]])));
  document.title = `Evidence: ${reveal(entry.source)}`;
  fill($("title"), document.createTextNode(reveal(entry.source)));
  drawAbout(entry);
  fill($("text"), drawText(entry), entry.cut ? make("p", { class: "cut" }, `${count(entry.cut)} more characters are not shown.`) : null);
  fill($("selected"), make("p", { class: "note" }, "Choose a mark to see what was read from it."));
  drawLegend(entry);
  drawFacts();
}

function drawAbout(entry) {
  const address = /^https?:\/\//i.test(entry.url ?? "") ? make("a", { href: entry.url, rel: "noreferrer noopener" }, entry.url) : entry.url;
  const parts = [["status", entry.status], ["why", entry.reason], ["page", entry.page_kind], ["text form", entry.text_form],
    ["updated", entry.updated_on], ["encoding", entry.encoding], ["address", address], ["document", entry.id]];
  fill($("about"), make("dl", {}, parts.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))));
}

function drawLegend(entry) {
  const open = facts.filter((fact) => fact.method === "ambiguous").length;
  const entries = TABLES.map((name) => [name, facts.filter((fact) => fact.table === name && fact.method !== "ambiguous").length, name]);
  entries.push(["ambiguous", open, "open: several readings"], ["unparsed", entry.unparsed.length, "unparsed"]);
  fill($("legend"), make("h2", {}, "What was read"), make("ul", {}, entries.map(([kind, number, label]) =>
    make("li", { class: number ? null : "none" }, make("mark", { class: kind }, label), ` ${count(number)}`)),
    make("li", {}, make("span", { class: "boilerplate" }, "grey"), " known boilerplate")));
}

function drawFacts() {
  const list = make("ul", {}, facts.map((fact, number) => make("li", {},
    make("button", { type: "button", class: fact.method === "ambiguous" ? "ambiguous" : fact.table, onclick: () => go(number) },
      make("b", {}, words(fact.field), fact.category ? ` · ${fact.category}` : ""), ` ${saying(fact)} `, make("small", {}, fact.role_id)))));
  fill($("facts"), make("h2", {}, plural(facts.length, "fact"), " in the order of the text"), list);
}

function drawChoice() {
  if (documents.length < 2) return;
  const options = documents.map((entry) => make("option", { value: entry.id }, `${entry.source} (${entry.status})`));
  const choice = make("select", { id: "document", onchange: (event) => { location.hash = event.target.value; } }, options);
  fill($("choice"), make("label", { for: "document" }, plural(documents.length, "document")), choice);
}

function follow() {
  const [, id, number, start] = /^#([0-9a-f]{32})(?:-([0-9]+)|:([0-9]+))?$/.exec(location.hash) ?? [];
  const entry = byId.get(id) ?? documents[0];
  if (!entry) {
    fill($("text"), make("p", {}, "There is no document in this file."));
    return;
  }
  if (id && !byId.has(id)) {
    fill($("text"), make("p", { class: "cut" }, `Document ${id} is not in this file. Its page: rolepages show ${id} --out ${readData("out")} --html FILE`));
    return;
  }
  if (entry !== shown) show(entry);
  if ($("document")) $("document").value = entry.id;
  if (number !== undefined) go(facts.findIndex((fact) => fact.observation_id === Number(number)));
  if (start !== undefined) goTo(Number(start));
}

drawChoice();
addEventListener("hashchange", follow);
follow();
