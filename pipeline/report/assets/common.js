"use strict";
// What both pages share. Text from pages reaches the document as text nodes only, never as HTML.

const $ = (id) => document.getElementById(id);

// The same characters as `UNSEEN` in markup.py: they turn text around, or cannot be seen. They are shown by their names.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff0-\uffff\u{e0000}-\u{e0fff}]/gu;

const codePoint = (char) => "U+" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
const reveal = (text) => String(text).replace(UNSEEN, codePoint);

// make("td", {class: "number"}, "1", anotherNode): attributes whose value is null or false are left out, `on...` are listeners.
function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : reveal(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(reveal(child)));
  }
  return node;
}

const fill = (node, ...children) => node.replaceChildren(...children.flat(Infinity).filter(Boolean));
const readData = (id) => JSON.parse($(`data-${id}`).textContent);
const words = (name) => name.replaceAll("_", " ");
const count = (number) => number.toLocaleString("en-US");
const plural = (number, one) => `${count(number)} ${one}${number === 1 ? "" : "s"}`;

// A number with its unit, as people write it.
function quantity(value, unit) {
  if (value === null || value === undefined) return "";
  const number = value.toLocaleString("en-US", { maximumFractionDigits: 2 });
  if (unit === "USD/year") return value < 0 ? `−$${number.slice(1)}` : `$${number}`;
  if (unit === "USD/hour") return `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  if (unit === "percent") return `${number} %`;
  return unit === "score" || unit === "" || unit === "text" ? number : `${number} ${unit}`;
}

// A value whose document is not in the evidence file says, when chosen, which command shows it.
function tellCommand(event) {
  const node = event.target.closest?.(".command");
  if (!node || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  const box = $("command") ?? make("p", { id: "command", role: "status" });
  fill(box, make("span", {}, "Where this was read: "), make("code", {}, `${node.dataset.command} --out ${readData("out")} --html page.html`));
  (node.closest("dialog") ?? document.body).append(box);
}
addEventListener("click", tellCommand);
addEventListener("keydown", tellCommand);
