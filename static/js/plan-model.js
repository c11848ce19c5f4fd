// A seating plan while it is drawn: rows of seats and what can be done to them. No page here; lengths are tenths of a
// seat, as in theatres/plan/model.py, which reads what comes out of this and decides.

export const SEAT = 10;
export const ROW_STEP = 12;
const CURVE_MAX = 40;
const ROW_APART_MIN = 10;

export class Plan {
  constructor(rows) {
    this.rows = rows;
    this.known = new Set(this.seats().map(({ row, seat }) => row.name + seat.number)); // tickets may carry these
  }

  // ---- Looking

  seats() {
    return this.rows.flatMap((row) => row.seats.map((seat) => ({ row, seat })));
  }

  get left() { return Math.min(...this.seats().map(({ seat }) => seat.x)); }

  get width() {
    const all = this.seats().map(({ seat }) => seat.x);
    return all.length ? Math.max(...all) - Math.min(...all) : 0;
  }

  /** How much nearer to the screen a place stands than the middle of its row. */
  bend(row, x, left = this.left, width = this.width) {
    const middle = width / 2;
    return width ? Math.round(row.curve * ((x - left - middle) / middle) ** 2) : 0;
  }

  /** The row that a point is on, or where a new one would stand: {y, row?}. */
  lineAt(x, y) {
    const [left, width] = [this.left, this.width];
    const across = Math.min(Math.max(x, left), left + width);
    const away = (row) => Math.abs(row.y - this.bend(row, across, left, width) + SEAT / 2 - y);
    const row = this.rows.reduce((best, other) => (!best || away(other) < away(best) ? other : best), null);
    if (!row) return { y: Math.max(Math.round((y - SEAT / 2) / ROW_STEP), 0) * ROW_STEP };
    if (away(row) <= ROW_STEP / 2) return { y: row.y, row };
    const steps = Math.round((y - SEAT / 2 + this.bend(row, across, left, width) - row.y) / ROW_STEP);
    const free = row.y + steps * ROW_STEP;
    return this.lineOn(free) ?? { y: free };
  }

  /** The row nearest to a y of the paper, if there is no room for another one there. */
  lineOn(y) {
    const row = this.rows.find((other) => Math.abs(other.y - y) < ROW_APART_MIN);
    return row && { y: row.y, row };
  }

  /** The line before or behind another one; there is always one more than there are rows. */
  lineBeside(y, step) {
    const beside = this.rows.filter((row) => (row.y - y) * step > 0).sort((a, b) => (a.y - b.y) * step)[0];
    return beside ? { y: beside.y, row: beside } : { y: y + step * ROW_STEP };
  }

  /** The left edge of the place that x is in. */
  placeAt({ row }, x) {
    const first = row?.seats[0]?.x ?? (this.rows.length ? this.left : 0);
    return first + Math.floor((x - first) / SEAT) * SEAT;
  }

  seatAt({ row }, x) {
    return row?.seats.find((seat) => seat.x <= x && x < seat.x + SEAT);
  }

  // ---- Seats

  /** Fill the places between two points with seats. Only behind the last row and before the first new rows begin. */
  draw(from, to, category) {
    const [top, bottom] = [Math.min(from.line.y, to.line.y), Math.max(from.line.y, to.line.y)];
    const ys = new Set([from.line.y, to.line.y]);
    for (const row of this.rows) if (row.y >= top && row.y <= bottom) ys.add(row.y);
    const [first, last] = this.rows.length ? [this.rows[0].y, this.rows.at(-1).y] : [Infinity, -Infinity];
    for (let y = bottom; y >= top && y > last; y -= ROW_STEP) ys.add(y);
    for (let y = top; y <= bottom && y < first; y += ROW_STEP) ys.add(y);
    const [start, end] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const drawn = [];
    for (const y of [...ys].sort((a, b) => a - b)) {
      const line = this.lineOn(y) ?? { y };
      for (let x = this.placeAt(line, start); x <= end; x += SEAT) {
        if (line.row?.seats.some((seat) => Math.abs(seat.x - x) < SEAT)) continue;
        line.row ??= this.rowAdd(y);
        const seat = { number: this.numberFree(line.row), x, category, kind: "regular", forward: 0 };
        line.row.seats.push(seat);
        drawn.push(seat);
      }
      if (line.row) this.settle(line.row);
    }
    return drawn;
  }

  numberFree(row) { return Math.max(0, ...row.seats.map((seat) => seat.number)) + 1; }

  /** Seats from left to right; a row that nobody has a ticket for is numbered as it stands. */
  settle(row) {
    const falling = row.seats.length > 1 && row.seats[0].number > row.seats[1].number;
    row.seats.sort((a, b) => a.x - b.x);
    if (!row.seats.some((seat) => this.known.has(row.name + seat.number))) this.renumber(row, falling);
  }

  remove(seats) {
    const gone = new Set(seats);
    for (const row of this.rows) row.seats = row.seats.filter((seat) => !gone.has(seat));
    this.rows = this.rows.filter((row) => row.seats.length);
  }

  // ---- Rows

  rowAdd(y, like = {}) {
    const row = { name: this.nameFree(y), y, curve: this.rows.at(-1)?.curve ?? 0, seats: [], ...like };
    this.rows.push(row);
    this.rows.sort((a, b) => a.y - b.y);
    return row;
  }

  /** The letter after the row before, or the first one that is not in use. */
  nameFree(y) {
    const taken = new Set(this.rows.map((row) => row.name));
    const before = this.rows.filter((row) => row.y < y).at(-1)?.name;
    let name = before ? nameAfter(before) : "A";
    while (taken.has(name)) name = nameAfter(name);
    return name;
  }

  rowCopy(row) {
    const behind = this.rows.filter((other) => other.y > row.y);
    if (behind.length && behind[0].y - row.y < 2 * ROW_STEP) for (const other of behind) other.y += ROW_STEP;
    const seats = row.seats.map((seat) => ({ ...seat }));
    return this.rowAdd(row.y + ROW_STEP, { curve: row.curve, seats });
  }

  renumber(row, falling) {
    row.seats.forEach((seat, index) => { seat.number = falling ? row.seats.length - index : index + 1; });
  }

  flip(row) {
    const numbers = row.seats.map((seat) => seat.number).reverse();
    row.seats.forEach((seat, index) => { seat.number = numbers[index]; });
  }

  /** Push what stands at x and right of it one seat further; back again where there is room. */
  aisle(row, x, by) {
    const right = row.seats.filter((seat) => seat.x + SEAT / 2 > x);
    const before = row.seats.filter((seat) => !right.includes(seat)).at(-1);
    if (!right.length || (by < 0 && before && right[0].x + by < before.x + SEAT)) return false;
    for (const seat of right) seat.x += by;
    return true;
  }

  curve(row, by) { row.curve = Math.min(Math.max(row.curve + by, -CURVE_MAX), CURVE_MAX); }

  shift(row, by) { for (const seat of row.seats) seat.x += by; }

  /** Move a row, and all behind it, to or from the screen. */
  push(row, by) {
    const before = this.rows.filter((other) => other.y < row.y).at(-1);
    if (before && row.y + by - before.y < ROW_APART_MIN) return;
    for (const other of this.rows.filter((one) => one.y >= row.y)) other.y += by;
  }
}

/** A -> B, Z -> AA, 9 -> 10; as rows are lettered. */
function nameAfter(name) {
  if (/^\d+$/.test(name)) return String(Number(name) + 1);
  const letters = [...name];
  for (let at = letters.length - 1; at >= 0; at -= 1) {
    if (letters[at] !== "Z" && /[A-Y]/.test(letters[at])) {
      letters[at] = String.fromCharCode(letters[at].charCodeAt(0) + 1);
      return letters.join("");
    }
    letters[at] = "A";
  }
  return `A${letters.join("")}`;
}
