// The timetable in the hands of who changes it: keys, a mouse, a thumb; and its way to the server.

const LARGE_STEP = 15; // minutes, with Shift
const STILL_PX = 6; // less than this is a hand that trembles
const EDGE_PX = 36; // so near to an edge a drag scrolls

class Timetable {
  constructor(host) {
    this.host = host;
    this.lanes = new Lanes(this);
    this.card = new Card((name, value) => this.set(name, value));
    this.refusal = make("p", "refusal");
    this.refusal.setAttribute("role", "alert");
    this.changed = make("ul", "changed");
    this.changed.setAttribute("aria-live", "polite");
    this.keys = make("p", "keys");
    this.keys.id = "keys";
    this.apply = make("button", "apply");
    this.discard = make("button", "discard");
    this.apply.onclick = () => this.send();
    this.discard.onclick = () => { this.draft.clear(); this.edited(); };
    this.actions = make("div", "actions");
    this.actions.append(this.apply, this.discard);
    this.root = make("div", "timetable");
    this.root.append(this.lanes.scroll, this.card.element, this.changed, this.refusal,
      this.actions, this.keys);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => {
      const isOther = this.lanes.scroll.clientWidth !== this.lanes.width;
      if (isOther && this.draft && !this.drag) { this.draw(); }
    });
    this.sizes.observe(this.lanes.scroll);
  }

  show(data, ask) {
    const before = this.draft;
    const isSame = before?.data.turn === data.turn;
    const hadFocus = Boolean(this.host.getRootNode().activeElement);
    const isMade = this.isBusy && !isSame && before.data.draft === data.draft;
    if (isMade) { before.clear(); }
    this.ask = ask;
    this.isBusy = false;
    this.draft = new Draft(data);
    // What went to another team is still what was chosen.
    const stop = before?.bars.get(this.chosen)?.stop;
    const stays = [...this.draft.bars].filter(([, bar]) => bar.stop === stop && !bar.done);
    if (!stays.some(([key]) => key === this.chosen)) { this.chosen = stays[0]?.[0] ?? null; }
    this.apply.textContent = data.words.apply;
    this.discard.textContent = data.words.discard;
    this.keys.textContent = data.words.keys;
    this.refusal.textContent = data.refusal;
    this.draw();
    if (hadFocus && this.chosen) { this.lanes.bar(this.chosen)?.focus({ preventScroll: true }); }
    if (!isSame) {
      const first = this.chosen ? this.draft.one(this.chosen).begins
        : Math.min(...data.lanes.map((lane) => lane.bars.find((bar) => !bar.done)?.at ?? lane.until));
      this.lanes.scroll.scrollLeft = this.lanes.px(first) - 16;
    }
  }

  draw() {
    const key = this.host.getRootNode().activeElement?.dataset.key;
    this.lanes.draw(this.draft);
    if (key) { this.lanes.bar(key)?.focus({ preventScroll: true }); }
    this.choose(this.chosen);
    this.changed.replaceChildren(...this.draft.lines().map((line) => make("li", "", line)));
    this.still();
  }

  // What was refused is being mended.
  edited() {
    this.refusal.textContent = "";
    this.draw();
  }

  still() {
    this.actions.hidden = this.draft.isEmpty;
    this.apply.disabled = this.isBusy;
    this.discard.disabled = this.isBusy;
    this.root.setAttribute("aria-busy", String(this.isBusy));
  }

  choose(key) {
    if (this.drag && this.drag.key !== key) { return; }
    this.chosen = key;
    const one = key ? this.draft.find(key) : null;
    this.lanes.mark(one);
    this.card.show(this.draft, one);
  }

  set(name, value) {
    const key = this.chosen;
    if (this.isBusy) { return; }
    if (name === "position") { this.draft.reorder(key, Number(value)); }
    if (name === "arrive") { this.draft.change(key, { at: value === "" ? undefined : Number(value) }); }
    if (name === "whose") { this.draft.change(key, { to: value, at: undefined }); }
    if (name === "lock") { this.draft.change(key, { locked: value }); }
    if (name === "remove") { this.draft.change(key, { out: value }); }
    this.edited();
  }

  send() {
    this.isBusy = true;
    this.still();
    this.ask(this.draft.value());
  }

  key(event, key) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.drag || this.isBusy) { return; }
    const { draft } = this;
    const one = draft.find(key);
    const lane = draft.lane(one.to);
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const begin = (at) => lane && draft.change(key, { at: draft.clamped(lane, one, at) });
    const go = (by) => {
      const next = draft.data.lanes[draft.data.lanes.indexOf(lane ?? one.lane) + by];
      if (next) { draft.change(key, { to: next.shift, at: undefined }); }
    };
    const hands = {
      ArrowRight: () => begin(Math.floor(one.begins / STEP) * STEP + step),
      ArrowLeft: () => begin(Math.ceil(one.begins / STEP) * STEP - step),
      Home: () => begin(lane?.from),
      End: () => begin(lane?.until),
      ArrowUp: () => go(-1),
      ArrowDown: () => go(1),
      l: () => { if (!one.isSet && !one.loose) { draft.change(key, { locked: !one.locked }); } },
      Delete: () => draft.change(key, { out: !one.out }),
      Escape: () => draft.restore(key),
    };
    const act = hands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.key === "Enter") { this.card.fields.arrive.focus(); }
    else if (!act) { return; }
    event.preventDefault();
    if (act) {
      act();
      this.edited();
      this.lanes.bar(key)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  press(event, key, bar) {
    // A thumb chooses first and drags then: else nobody could scroll past the bars.
    const isFirstTouch = event.pointerType === "touch" && this.chosen !== key;
    const one = this.draft.find(key);
    if (event.button !== 0 || isFirstTouch || one.out || one.elsewhere || this.isBusy) { return; }
    this.choose(key);
    bar.setPointerCapture(event.pointerId);
    const { scrollLeft: left } = this.lanes.scroll;
    this.drag = { key, one, bar, lane: this.draft.lane(one.to), at: null, begun: event, event, left };
    bar.onpointermove = (moved) => { this.drag.event = moved; this.follow(); };
    bar.onpointerup = () => this.drop(true);
    bar.onpointercancel = () => this.drop(false);
    this.escape = (pressed) => { if (pressed.key === "Escape") { this.drop(false); } };
    window.addEventListener("keydown", this.escape, true);
  }

  follow() {
    const { drag, lanes, draft } = this;
    const { one, bar, event, begun } = drag;
    const right = event.clientX - begun.clientX + lanes.scroll.scrollLeft - drag.left;
    const down = event.clientY - begun.clientY;
    drag.isOn ||= Math.hypot(right, down) >= STILL_PX;
    if (!drag.isOn) { return; }
    drag.lane = lanes.under(event.clientY) ?? drag.lane;
    // Straight up or down is another team, at whatever time suits it.
    const least = drag.lane.shift === one.to ? STEP / 2 * lanes.scale : 2 * STILL_PX;
    const isSideways = Math.abs(right) >= least;
    const wanted = Math.round((one.begins + right / lanes.scale) / STEP) * STEP;
    drag.at = isSideways ? draft.clamped(drag.lane, one, wanted) : null;
    drag.over = isSideways && drag.lane === one.lane ? this.over(one, drag.at) : null;
    const begins = drag.at ?? one.begins;
    bar.classList.add("held");
    bar.querySelector(".box").dataset.tip = `${clock(begins)} ${one.name}`;
    bar.querySelector(".time").textContent = clock(begins);
    bar.style.transform = `translate(${(begins - one.begins) * lanes.scale}px, ${down}px)`;
    for (const lane of lanes.track.querySelectorAll(".lane")) {
      lane.classList.toggle("target", lane.dataset.shift === drag.lane.shift);
    }
    for (const other of lanes.track.querySelectorAll(".bar")) {
      other.classList.toggle("passed", other.dataset.key === drag.over?.key);
    }
    this.scrollNear(event.clientX);
  }

  // The visit of the same round over whose bar the middle of a dragged one is.
  over(one, at) {
    const middle = at + one.minutes / 2;
    return this.draft.ordered(one.lane.shift).map(({ key }) => this.draft.find(key)).find((other) =>
      other.key !== one.key && other.begins <= middle && middle < other.begins + other.minutes);
  }

  // The nearer to an edge the faster; a bar that was taken up there waits for the hand to go on.
  scrollNear(x) {
    cancelAnimationFrame(this.frame);
    const { scroll } = this.lanes;
    const { left, right } = scroll.getBoundingClientRect();
    const begun = this.drag.begun.clientX;
    const depth = Math.max(0, x - Math.max(right - EDGE_PX, begun)) + Math.min(0, x - Math.min(left + EDGE_PX, begun));
    if (!depth) { return; }
    this.frame = requestAnimationFrame(() => {
      const before = scroll.scrollLeft;
      scroll.scrollLeft += Math.sign(depth) * Math.ceil(Math.abs(depth) / 6);
      if (this.drag && scroll.scrollLeft !== before) { this.follow(); }
    });
  }

  drop(isMeant) {
    const { drag, draft } = this;
    if (!drag) { return; }
    this.drag = null;
    cancelAnimationFrame(this.frame);
    window.removeEventListener("keydown", this.escape, true);
    if (isMeant && drag.isOn) {
      this.refusal.textContent = "";
      const { key, one, lane, at, over } = drag;
      if (over) {
        const others = draft.ordered(lane.shift).filter((other) => other.key !== key);
        const place = others.findIndex((other) => other.key === over.key);
        draft.reorder(key, over.begins > one.begins ? place + 1 : place);
      } else if (at !== null || lane.shift !== one.to) {
        draft.change(key, { to: lane.shift, at: at ?? undefined });
      }
    }
    this.draw();
    this.lanes.bar(drag.key)?.focus({ preventScroll: true });
  }

  end() {
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }
}

const shown = new WeakMap();

export default function timetable({ data, parentElement, setTriggerValue }) {
  if (!shown.has(parentElement)) { shown.set(parentElement, new Timetable(parentElement)); }
  const table = shown.get(parentElement);
  table.show(data, (value) => setTriggerValue("asked", value));
  return () => {
    table.end();
    shown.delete(parentElement);
  };
}
