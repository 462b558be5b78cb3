// The list of people: who they are, what was said last, what is unread.
import { make, paintAvatar } from "./dom.js";
import { dayKey, say, shortDay, t, time } from "./texts.js";

const GROUPS = ["respondents", "staff"];

export function drawPeople(root, people, { filter, open, now, onOpen }) {
  const wanted = people.filter((person) => `${person.name} ${say(person.subtitle)}`.toLowerCase().includes(filter));
  const sections = GROUPS.map((group) => [group, wanted.filter((person) => person.group === group)]);
  const drawn = sections.filter(([, members]) => members.length).map(([group, members]) =>
    make("section", { "aria-label": t(group) },
      make("h2", { class: "group" }, t(group)),
      make("ul", {}, ...members.map((person) => make("li", {}, line(person, open.has(person.id), now, onOpen))))));
  const focused = document.activeElement?.dataset?.person;
  root.replaceChildren(...(drawn.length ? drawn : [make("p", { class: "nobody muted" }, t("nobody"))]));
  if (focused) root.querySelector(`[data-person="${focused}"]`)?.focus();
}

function line(person, opened, now, onOpen) {
  const avatar = make("span", { class: "avatar", "aria-hidden": "true" });
  paintAvatar(avatar, person.name);
  const badge = person.unread
    ? make("span", { class: "badge", "aria-label": t("unread", { n: person.unread }) }, String(person.unread)) : null;
  const when = person.last ? moment(person.last.at, now) : "";
  return make("button", { type: "button", class: "person", "data-person": person.id, "aria-pressed": String(opened), onclick: () => onOpen(person.id) },
    avatar,
    make("span", { class: "person-text" },
      make("span", { class: "person-top" }, make("b", {}, person.name), make("small", {}, when)),
      make("span", { class: "person-subtitle" }, say(person.subtitle)),
      make("span", { class: "person-last" }, lastLine(person), badge)));
}

function lastLine(person) {
  if (person.note) return make("span", { class: "note" }, say(person.note));
  if (!person.last) return make("span", { class: "muted" }, t("quiet"));
  return make("span", {}, person.last.text.replace(/\s+/g, " ") || t("file"));
}

const moment = (at, now) => (dayKey(at) === dayKey(now) ? time(at) : shortDay(at));
