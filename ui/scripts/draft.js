// What is changed by hand in a day's rounds, before it is sent: no element is touched here.

const STEP = 5; // minutes: a visit that is set begins at a multiple of them
const drafts = new Map(); // by week's plan and day: one waits while another is looked at or sent

const two = (number) => String(number).padStart(2, "0");
const clock = (minutes) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
const span = (begin, end) => `${clock(begin)}\u2013${clock(end)}`;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const within = (value, least, most) => Math.max(least, Math.min(most, value));
const byTime = (one, other) => one.begins - other.begins;

class Draft {
  constructor(data) {
    this.data = data;
    const kept = drafts.get(data.draft) ?? { edits: {}, orders: {} };
    drafts.set(data.draft, kept);
    this.edits = kept.edits; // by visit: {at, to, locked, out}, only what differs from the plan
    this.orders = kept.orders; // by round: its stops as they are wanted
    this.bars = new Map(data.lanes.flatMap((lane) =>
      lane.bars.map((bar) => [`${lane.shift} ${bar.stop}`, { ...bar, lane }])));
    this.forget();
  }

  // Drop what was wanted of visits and rounds that another version does not have.
  forget() {
    const rounds = new Set(this.data.rounds.map((round) => round.shift));
    for (const [key, { to }] of Object.entries(this.edits)) {
      const bar = this.bars.get(key);
      if (!bar || bar.done || (to && !rounds.has(to))) { delete this.edits[key]; }
    }
    for (const [shift, stops] of Object.entries(this.orders)) {
      const stay = this.lane(shift) ? this.staying(shift).map((one) => one.stop) : [];
      if ([...stops].sort().join() !== stay.sort().join()) { delete this.orders[shift]; }
    }
  }

  lane(shift) { return this.data.lanes.find((lane) => lane.shift === shift); }
  team(shift) {
    return this.lane(shift)?.team ?? this.data.rounds.find((round) => round.shift === shift).name;
  }
  get isEmpty() { return !Object.keys(this.edits).length && !Object.keys(this.orders).length; }

  // A visit as it is wanted; `loose` is one whose time the plan still chooses.
  one(key) {
    const bar = this.bars.get(key);
    const edit = this.edits[key] ?? {};
    const to = edit.to ?? bar.lane.shift;
    const isSet = edit.at !== undefined || to !== bar.lane.shift;
    return {
      ...bar, key, to, isSet,
      begins: edit.at ?? bar.at,
      loose: isSet && edit.at === undefined,
      out: edit.out ?? false,
      locked: isSet || (edit.locked ?? bar.locked),
      elsewhere: !this.lane(to),
    };
  }

  staying(shift) {
    return [...this.bars.keys()].map((key) => this.one(key))
      .filter((one) => one.lane.shift === shift && one.to === shift && !one.out && !one.done);
  }

  ordered(shift) {
    const stay = this.staying(shift).sort(byTime);
    const order = this.orders[shift];
    return order ? order.map((stop) => stay.find((one) => one.stop === stop)).filter(Boolean) : stay;
  }

  // All visits; in a new order the times follow, about as far apart as they were.
  all() {
    const found = new Map([...this.bars.keys()].map((key) => [key, this.one(key)]));
    for (const shift of Object.keys(this.orders)) {
      const before = this.staying(shift).sort((one, other) => one.at - other.at);
      let begins = before[0]?.at ?? 0;
      this.ordered(shift).forEach(({ key }, i) => {
        const one = found.get(key);
        if (!one.locked) { Object.assign(one, { begins, loose: true, locked: true }); }
        const gap = before[i + 1] ? before[i + 1].at - before[i].at - before[i].minutes : 0;
        begins = one.begins + one.minutes + Math.max(0, gap);
      });
    }
    return [...found.values()];
  }

  find(key) { return this.all().find((one) => one.key === key); }
  isMoved(one) { return one.loose || one.out || one.begins !== one.at || one.to !== one.lane.shift; }
  isOpen(one) { return one.windows.some(([opens, closes]) => opens <= one.begins && one.begins <= closes); }

  least(lane) { return Math.ceil(lane.earliest / STEP) * STEP; }
  most(lane, one) {
    return Math.max(this.least(lane), Math.floor((lane.until - one.minutes) / STEP) * STEP);
  }
  clamped(lane, one, at) { return within(at, this.least(lane), this.most(lane, one)); }

  change(key, more) {
    const { lane, at, locked } = this.bars.get(key);
    const edit = { ...this.edits[key], ...more };
    if (edit.to === lane.shift) { delete edit.to; }
    if (edit.at === at && !edit.to) { delete edit.at; }
    if (edit.locked === locked) { delete edit.locked; }
    if (!edit.out) { delete edit.out; }
    this.edits[key] = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
    if (!Object.keys(this.edits[key]).length) { delete this.edits[key]; }
    if (this.orders[lane.shift]) {
      const own = this.all().filter((one) => one.lane.shift === lane.shift && one.to === lane.shift);
      this.order(lane.shift, own.filter((one) => !one.out && !one.done).sort(byTime));
    }
  }

  order(shift, ones) {
    const usual = this.staying(shift).sort((one, other) => one.at - other.at);
    if (ones.every((one, i) => one.key === usual[i].key)) { delete this.orders[shift]; }
    else { this.orders[shift] = ones.map((one) => one.stop); }
  }

  // Give a visit another place in the order of its own round.
  reorder(key, place) {
    const { lane, locked } = this.bars.get(key);
    const others = this.ordered(lane.shift).filter((one) => one.key !== key);
    delete this.orders[lane.shift];
    // Its lock would hold it where it was.
    this.change(key, { at: undefined, to: undefined, locked: locked ? false : undefined });
    this.order(lane.shift, [...others.slice(0, place), this.one(key), ...others.slice(place)]);
  }

  restore(key) {
    delete this.edits[key];
    delete this.orders[this.bars.get(key).lane.shift];
  }

  clear() {
    for (const part of [this.edits, this.orders]) {
      for (const name of Object.keys(part)) { delete part[name]; }
    }
  }

  value() {
    const edits = Object.entries(this.edits).map(([key, { at, to, locked, out }]) => {
      const bar = this.bars.get(key);
      return {
        shift: bar.lane.shift, stop: bar.stop, to: to ?? null, at: at ?? null,
        locked: locked ?? bar.locked, out: out ?? false,
      };
    });
    const orders = Object.fromEntries(Object.keys(this.orders)
      .map((shift) => [shift, this.ordered(shift).map((one) => one.stop)]));
    return { turn: this.data.turn, edits, orders };
  }

  // A visit in words, and everything that was changed so far.
  said(one) {
    const { words } = this.data;
    const time = span(one.begins, one.begins + one.minutes);
    return [
      one.loose ? fill(words.about, { time }) : time, this.team(one.to), one.hours,
      one.done && words.done, one.locked && !one.done && words.locked, one.out && words.is_out,
    ].filter(Boolean).join(", ");
  }

  lines() {
    const { words } = this.data;
    const orders = Object.keys(this.orders).map((shift) => fill(words.new_order, {
      team: this.team(shift), places: this.ordered(shift).map((one) => one.name).join(", "),
    }));
    const edits = Object.entries(this.edits).map(([key, edit]) => {
      const one = this.one(key);
      const values = {
        place: one.name, before: clock(one.at), after: clock(one.begins), team: this.team(one.to),
      };
      if (one.out) { return fill(words.changed_out, values); }
      if (edit.to) { return fill(edit.at === undefined ? words.changed_team : words.changed_both, values); }
      if (edit.at !== undefined) { return fill(words.changed_time, values); }
      if (this.orders[one.lane.shift]) { return ""; }
      return fill(edit.locked ? words.changed_lock : words.changed_free, values);
    });
    return [...orders, ...edits].filter(Boolean);
  }
}
