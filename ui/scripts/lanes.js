// The lanes and bars of a day, drawn anew from a draft. What is given becomes text, never markup.

const LEAST_BAR_PX = 44; // what a thumb can hit
const LEAST_PX_A_MINUTE = { fine: 1.6, coarse: 2.2 }; // for a mouse, and for a thumb

const make = (name, kind, text = "") => {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = text;
  return element;
};
const padlock = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "padlock");
  path.setAttribute("d", "M3 7h1V5a4 4 0 0 1 8 0v2h1v8H3zm3 0h4V5a2 2 0 0 0-4 0z");
  svg.append(path);
  return svg;
};

class Lanes {
  constructor(hands) {
    this.hands = hands;
    this.track = make("div", "track");
    this.scroll = make("div", "scroll");
    this.scroll.append(this.track);
  }

  px(minute) { return (minute - this.draft.data.begin) * this.scale; }
  bar(key) { return [...this.track.querySelectorAll(".bar")].find((bar) => bar.dataset.key === key); }
  block(kind, begin, end, text = "") {
    const element = make("div", kind, text);
    element.style.left = `${this.px(begin)}px`;
    element.style.width = `${(end - begin) * this.scale}px`;
    return element;
  }

  draw(draft) {
    this.draft = draft;
    const { begin, end, lanes } = draft.data;
    const left = this.scroll.scrollLeft;
    this.width = this.scroll.clientWidth;
    const hand = matchMedia("(pointer: coarse)").matches ? "coarse" : "fine";
    this.scale = Math.max(this.width / (end - begin), LEAST_PX_A_MINUTE[hand]);
    this.track.style.width = `${this.px(end)}px`;
    this.track.style.setProperty("--hour", `${60 * this.scale}px`);
    const axis = make("div", "axis");
    axis.setAttribute("aria-hidden", "true");
    for (let minute = begin; minute < end; minute += 60) {
      axis.append(this.block("hour", minute, minute + 60, clock(minute)));
    }
    const all = draft.all();
    this.track.replaceChildren(axis, ...lanes.map((lane) => this.lane(lane, all)));
    this.scroll.scrollLeft = left;
  }

  lane(lane, all) {
    const { data } = this.draft;
    // What goes to another day is shown where it leaves.
    const own = all.filter((one) => (one.elsewhere ? one.lane : this.draft.lane(one.to)) === lane)
      .sort(byTime);
    const element = make("div", "lane");
    element.dataset.shift = lane.shift;
    element.style.setProperty("--team", lane.colour);
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", lane.name);
    const row = make("div", "row");
    row.append(this.block("shift", lane.from, lane.until), make("div", "windows"));
    if (lane.pause) { row.append(this.block("pause", ...lane.pause, data.words.pause)); }
    if (!own.length) { row.append(this.block("none", lane.from, lane.until, data.words.none)); }
    const full = []; // until where each level is: bars that would overlap stand below each other
    own.forEach((one, i) => {
      const left = this.px(one.begins);
      const wide = Math.max(one.minutes * this.scale, LEAST_BAR_PX);
      const free = full.findIndex((until) => until <= left + 1);
      const level = free < 0 ? full.length : free;
      full[level] = left + wide;
      const next = own.slice(i + 1).find((other) => this.px(other.begins) >= left + wide - 1);
      const room = (next ? this.px(next.begins) : this.px(data.end)) - left;
      const isAsItWas = !this.draft.isMoved(one) && lane.bars[i]?.stop === one.stop &&
        (i === 0 || !this.draft.isMoved(own[i - 1]));
      if (isAsItWas) { row.append(this.way(one.begins - one.way, one.way)); }
      row.append(this.visit(one, i + 1, { left, wide, level, room }));
    });
    const last = own.at(-1);
    if (last && !this.draft.isMoved(last)) { row.append(this.way(last.begins + last.minutes, lane.home)); }
    row.style.setProperty("--levels", Math.max(1, full.length));
    element.append(make("div", "title", lane.name), row);
    return element;
  }

  way(begin, minutes) {
    const element = this.block("way", begin, begin + minutes);
    element.title = fill(this.draft.data.words.way, { n: minutes });
    return element;
  }

  visit(one, number, { left, wide, level, room }) {
    const { words } = this.draft.data;
    const bar = make("div", "bar");
    const name = `${number}. ${one.name}${one.must ? ` (${words.must})` : ""}`;
    bar.dataset.key = one.key;
    bar.style.cssText = `left:${left}px;width:${wide}px;--level:${level}`;
    bar.title = `${one.name}, ${this.draft.said(one)}`;
    const box = make("div", "box");
    box.append(make("span", "time", (one.loose ? "~" : "") + clock(one.begins)));
    if (one.locked && !one.done) { box.append(padlock()); }
    const label = make("div", "name", one.name);
    label.style.width = `${Math.max(room - 6, wide)}px`;
    bar.append(box, label);
    const kinds = { out: one.out || one.elsewhere, done: one.done, edited: this.draft.isMoved(one) };
    for (const [kind, is] of Object.entries(kinds)) { bar.classList.toggle(kind, is); }
    if (one.done) {
      bar.setAttribute("role", "img");
      bar.setAttribute("aria-label", `${name}, ${this.draft.said(one)}`);
      return bar;
    }
    const said = {
      role: "slider", "aria-label": name, "aria-describedby": "keys",
      "aria-valuemin": one.lane.from, "aria-valuemax": one.lane.until,
      "aria-valuenow": one.begins, "aria-valuetext": this.draft.said(one),
    };
    for (const [attribute, value] of Object.entries(said)) { bar.setAttribute(attribute, value); }
    bar.tabIndex = 0;
    bar.onpointerdown = (event) => this.hands.press(event, one.key, bar);
    bar.onclick = () => this.hands.choose(one.key);
    bar.onfocus = () => this.hands.choose(one.key);
    bar.onkeydown = (event) => this.hands.key(event, one.key);
    return bar;
  }

  // Show which visit is chosen, and when its place may be visited.
  mark(one) {
    for (const bar of this.track.querySelectorAll(".bar")) {
      bar.classList.toggle("chosen", bar.dataset.key === one?.key);
    }
    const { begin, end } = this.draft.data;
    for (const windows of this.track.querySelectorAll(".windows")) {
      windows.replaceChildren(...(one?.windows ?? []).map(([opens, closes]) =>
        this.block("window", within(opens, begin, end), within(closes, begin, end))));
    }
  }

  // The lane under a height of the screen.
  under(y) {
    const found = [...this.track.querySelectorAll(".lane")].find((lane) => {
      const box = lane.getBoundingClientRect();
      return y >= box.top && y < box.bottom;
    });
    return found && this.draft.lane(found.dataset.shift);
  }
}
