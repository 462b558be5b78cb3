// The clock of the service and the form that reports a support event.
import * as api from "./api.js";
import { make } from "./dom.js";
import { fromLocalInput, localInput, longDay, say, t, time } from "./texts.js";

const PLACES = [["account", "accounts"], ["project", "projects"], ["person", "people"]];
const id = (name) => document.getElementById(name);

let shift = 0;
export const serviceNow = () => Date.now() / 1000 + shift;

export function setClock(clock) {
  if (clock) shift = clock.at - Date.now() / 1000;
}

export function drawClock() {
  id("clock-time").textContent = time(serviceNow(), true);
  id("clock-time").dateTime = new Date(serviceNow() * 1000).toISOString();
  id("clock-date").textContent = longDay(serviceNow());
}

export function wireClock(onMoved) {
  for (const button of document.querySelectorAll("#clock [data-seconds]")) {
    button.addEventListener("click", () => move(Number(button.dataset.seconds), onMoved));
  }
  id("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    move(Number(id("clock-amount").value) * Number(id("clock-unit").value), onMoved);
  });
}

async function move(seconds, onMoved) {
  await announced(id("clock"), id("clock-result"), t("moving"), async () => {
    setClock(await api.moveClock(seconds));
    drawClock();
    onMoved();
    return t("moved");
  });
}

let form = null;
let shape = "";

// Redrawn only when the offered choices changed, so that what is half filled in stays.
export function setForm(next, redraw = false) {
  id("event").hidden = !next;
  if (!next || (!redraw && JSON.stringify(next) === shape)) return;
  const chosen = form ? answers() : {};
  form = next;
  shape = JSON.stringify(next);
  drawForm(chosen);
}

function drawForm(chosen) {
  id("event-form").replaceChildren(
    select("type", t("type"), form.types, { value: chosen.type, onchange: () => drawFields() }),
    ...PLACES.map(([name, list]) =>
      select(name, t(name), form[list], { value: chosen[name], optional: true, onchange: () => narrow() })),
    make("div", { id: "event-fields" }),
    make("button", { type: "submit", class: "button primary wide" }, t("report")),
  );
  drawFields(chosen.data);
  narrow();
}

function select(name, label, choices, { value, optional = false, onchange }) {
  const options = choices.map((choice) => make("option", { value: choice.value, "data-under": JSON.stringify(choice.under ?? []) }, say(choice.label)));
  if (optional) options.unshift(make("option", { value: "", "data-under": "[]" }, t("not_chosen")));
  const field = make("select", { name, onchange }, ...options);
  if (value !== undefined) field.value = value;
  return make("label", {}, make("span", { class: "label" }, label), field);
}

// Leaves only the projects of the account chosen, and the people of the project, or else of the account.
function narrow() {
  let nearest = "";
  for (const [name] of PLACES) {
    const field = id("event-form").elements[name];
    for (const option of field.options) {
      const under = JSON.parse(option.dataset.under);
      option.hidden = option.disabled = nearest !== "" && under.length > 0 && !under.includes(nearest);
    }
    if (field.selectedOptions[0]?.disabled) field.value = "";
    nearest = field.value || nearest;
  }
}

function drawFields(values = {}) {
  const type = form.types.find((item) => item.value === id("event-form").elements.type.value);
  id("event-fields").replaceChildren(...(type?.fields ?? []).map((field) => input(field, values[field.name])));
}

function input(field, value) {
  const name = `data.${field.name}`;
  if (field.kind === "choice") return select(name, say(field.label), field.choices, { value: value ?? (field.default || undefined) });
  const kinds = { text: "text", number: "number", datetime: "datetime-local" };
  const element = make("input", { name, type: kinds[field.kind], step: field.kind === "number" ? "any" : null });
  const moment = field.default ? Date.parse(field.default) / 1000 : serviceNow();
  element.value = field.kind === "datetime" ? localInput(value ? Date.parse(value) / 1000 : moment) : value ?? field.default;
  return make("label", {}, make("span", { class: "label" }, say(field.label)), element);
}

function answers() {
  const elements = id("event-form").elements;
  const data = {};
  for (const field of form.types.find((item) => item.value === elements.type.value)?.fields ?? []) {
    const raw = elements[`data.${field.name}`].value;
    if (raw) data[field.name] = { datetime: fromLocalInput, number: Number }[field.kind]?.(raw) ?? raw;
  }
  return { type: elements.type.value, account: elements.account.value, project: elements.project.value, person: elements.person.value, data };
}

export function wireForm(onReported) {
  id("event-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await announced(id("event"), id("event-result"), "…", async () => {
      const { sentence } = await api.report(answers());
      onReported();
      return sentence;
    });
  });
}

// Keeps the buttons of `section` shut while `action` runs and says how it ended.
async function announced(section, result, waiting, action) {
  const buttons = section.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  result.classList.remove("wrong");
  result.textContent = waiting;
  try {
    result.textContent = await action();
  } catch (error) {
    result.classList.add("wrong");
    result.textContent = t("failed", { reason: error.message });
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}
