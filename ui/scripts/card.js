// Everything of the chosen visit as plain fields: for whoever would rather choose than drag.

class Card {
  constructor(changed) {
    this.changed = changed;
    this.element = make("div", "card");
  }

  show(draft, one) {
    const { words } = draft.data;
    if (!one) {
      this.key = null;
      this.element.replaceChildren(make("p", "hint", words.how));
      return;
    }
    if (this.key !== one.key || this.words !== words) { this.build(words, one); }
    Object.assign(this, { key: one.key, words });
    const lane = draft.lane(one.to);
    const own = draft.ordered(one.lane.shift);
    this.name.textContent = one.name;
    this.when.textContent = [one.must && words.must, one.hours].filter(Boolean).join(", ");
    this.when.classList.toggle("wrong", !one.loose && !draft.isOpen(one));
    this.offer("position", own.map((_, i) => [i, i + 1]), own.findIndex((other) => other.key === one.key));
    this.offer("arrive", this.times(draft, one, lane), one.loose ? "" : one.begins);
    this.offer("whose", draft.data.rounds.map((round) => [round.shift, round.name]), one.to);
    this.fields.lock.checked = one.locked;
    this.fields.remove.checked = one.out;
    this.fields.position.disabled = one.out || one.to !== one.lane.shift;
    this.fields.arrive.disabled = one.out || !lane;
    this.fields.whose.disabled = one.out;
    this.fields.lock.disabled = one.out || one.isSet || one.loose;
  }

  times(draft, one, lane) {
    const times = one.loose ? [] : [one.begins];
    const most = lane ? draft.most(lane, one) : 0;
    for (let at = lane ? draft.least(lane) : 1; at <= most; at += STEP) {
      if (!times.includes(at)) { times.push(at); }
    }
    const any = one.loose ? [["", draft.data.words.any_time]] : [];
    return [...any, ...times.sort((a, b) => a - b).map((at) => [at, clock(at)])];
  }

  build(words) {
    this.fields = {};
    this.name = make("strong", "");
    this.when = make("span", "when");
    const head = make("p", "head");
    head.append(this.name, " ", this.when);
    const row = make("div", "fields");
    for (const name of ["position", "arrive", "whose"]) { row.append(this.field(words, name, "select")); }
    for (const name of ["lock", "remove"]) { row.append(this.field(words, name, "input")); }
    this.element.replaceChildren(head, row);
  }

  field(words, name, kind) {
    const label = make("label", name);
    const input = make(kind, "");
    this.fields[name] = input;
    if (kind === "input") { input.type = "checkbox"; }
    const text = make("span", "label", words[name]);
    label.append(...(kind === "input" ? [input, text] : [text, input]));
    input.onchange = () => this.changed(name, kind === "input" ? input.checked : input.value);
    return label;
  }

  offer(name, pairs, value) {
    this.fields[name].replaceChildren(...pairs.map(([key, text]) => {
      const option = make("option", "", text);
      option.value = key;
      return option;
    }));
    this.fields[name].value = String(value);
  }
}
