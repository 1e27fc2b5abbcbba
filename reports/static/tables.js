/* Penalty Radar: tables that are sorted, and the portfolio's sites: searched, filtered, grouped, walked by keyboard.
   Rows come from a data block and are written as text, never as markup. Without this file the tables are plain, and
   the portfolio shows its first sites. */
"use strict";
(function () {
  const root = document.documentElement;

  function make(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined && text !== "") { element.textContent = text; }
    if (className) { element.className = className; }
    return element;
  }
  function say(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? String(values[name]) : whole; });
  }

  function number(amount) { return amount.toLocaleString(root.lang); }

  /* A plain table: a button in each head sorts its rows. */
  function valueOf(row, column) {
    const cell = row.cells[column];
    const value = cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
    return value === "" || isNaN(Number(value)) ? value : Number(value);
  }
  function addButton(head) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    return button;
  }
  function prepareSort(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      addButton(head).addEventListener("click", function () {
        const turn = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", turn === 1 ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = Array.from(body.rows).map(function (row) { return { row: row, value: valueOf(row, column) }; });
        rows.sort(function (one, other) {
          if (typeof one.value === "number" && typeof other.value === "number") { return turn * (one.value - other.value); }
          return turn * String(one.value).localeCompare(String(other.value), root.lang);
        });
        body.append(...rows.map(function (entry) { return entry.row; }));
      });
    });
  }

  /* The places of a row, as reports/portfolio_rows.py fills them. */
  const FIELDS = ["site", "folder", "group", "owner", "score", "before", "tier", "basis", "surges", "drops", "cause",
    "links", "rankings", "status", "note", "risk", "visibility"];
  const AT = {};
  FIELDS.forEach(function (name, place) { AT[name] = place; });
  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const PAGE = 100;
  const START = { q: "", group: "", owner: "", tier: "", status: "", by: "", sort: "score", dir: "desc" };

  /* Sparks: one letter a night, a dot where nothing is known. */
  const SVG = "http://www.w3.org/2000/svg";
  function heights(spark) {
    return Array.from(spark).map(function (letter) { return LETTERS.indexOf(letter); });
  }
  function drawLine(svg, values, top, height, className) {
    let path = "";
    values.forEach(function (value, night) {
      if (value < 0) { return; }
      const isJoined = night > 0 && values[night - 1] >= 0;
      path += (isJoined ? "L" : "M") + (night * 2 + 1) + " " + (top + height * (1 - value / (LETTERS.length - 1))).toFixed(1);
      if (!isJoined && !(values[night + 1] >= 0)) { path += "h3"; }
    });
    if (!path) { return; }
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    line.setAttribute("class", className);
    svg.append(line);
  }
  function drawSpark(row, words) {
    const risk = heights(row[AT.risk]);
    const visibility = heights(row[AT.visibility]);
    const known = risk.filter(function (value) { return value >= 0; });
    const seen = visibility.filter(function (value) { return value >= 0; });
    if (!known.length && !seen.length) { return make("span", "–"); }
    const points = function (value) { return Math.round(value / (LETTERS.length - 1) * 100); };
    const told = [];
    if (known.length) {
      told.push(say(words.spark, { nights: known.length, low: points(Math.min(...known)), high: points(Math.max(...known)) }));
    }
    if (seen.length) { told.push(say(words.spark_visibility, { share: points(seen[seen.length - 1]) })); }
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 " + (Math.max(risk.length, visibility.length) * 2) + " 32");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", told.join(" "));
    svg.setAttribute("class", "spark");
    const base = document.createElementNS(SVG, "path");
    base.setAttribute("d", "M0 31H" + Math.max(risk.length, visibility.length) * 2);
    base.setAttribute("class", "spark-base");
    svg.append(base);
    drawLine(svg, visibility, 2, 28, "spark-visibility");
    drawLine(svg, risk, 2, 28, "spark-risk tier-" + row.tierName);
    return svg;
  }

  function Board(form) {
    const block = JSON.parse(document.getElementById(form.dataset.board).textContent);
    const table = document.getElementById(form.dataset.table);
    const body = table.tBodies[0];
    const heads = Array.from(table.tHead.rows[0].cells);
    const labels = heads.map(function (head) { return head.textContent.trim(); });
    const more = document.querySelector("[data-more]");
    const count = form.querySelector("[data-count]");
    const words = block.words;
    const state = Object.assign({}, START);
    let shown = PAGE;
    block.rows.forEach(function (row) {
      const group = row[AT.group] < 0 ? "" : block.groups[row[AT.group]];
      const owner = row[AT.owner] < 0 ? "" : block.owners[row[AT.owner]];
      row.names = { group: group, owner: owner };
      row.tierName = block.tiers[row[AT.tier]][0];
      row.found = [row[AT.site], group, owner].join("\n").toLowerCase();
    });

    /* Reading and keeping what was asked: the address has it, so that a view can be sent to a colleague. */
    function readAddress() {
      const asked = new URLSearchParams(window.location.hash.includes("=") ? window.location.hash.slice(1) : "");
      Object.keys(START).forEach(function (name) { state[name] = asked.get(name) || START[name]; });
      Object.keys(START).forEach(function (name) {
        const field = form.elements[name];
        if (!field) { if (name !== "sort" && name !== "dir") { state[name] = START[name]; } return; }
        field.value = state[name];
        if (field.value !== state[name]) { state[name] = field.value = START[name]; }
      });
      if (!heads.some(function (head) { return head.dataset.sort === state.sort; })) { state.sort = START.sort; }
    }
    function keepAddress() {
      const asked = new URLSearchParams();
      Object.keys(START).forEach(function (name) { if (state[name] !== START[name]) { asked.set(name, state[name]); } });
      const hash = asked.toString();
      try { window.history.replaceState(null, "", window.location.href.split("#")[0] + (hash ? "#" + hash : "")); }
      catch (error) { /* a page from disk may not change its address; the view stands all the same */ }
      document.querySelectorAll(".switches a[hreflang]").forEach(function (link) {
        link.href = link.href.split("#")[0] + (hash ? "#" + hash : "");
      });
    }

    /* Which rows, in which order. */
    function wanted() {
      const parts = state.q.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const statuses = Array.from(form.elements.status.options).map(function (option) { return option.value; });
      const bit = state.status ? Number(form.elements.status.options[statuses.indexOf(state.status)].dataset.bit) : 0;
      return block.rows.filter(function (row) {
        return parts.every(function (part) { return row.found.includes(part); })
          && (!state.group || row.names.group === state.group) && (!state.owner || row.names.owner === state.owner)
          && (!state.tier || row.tierName === state.tier) && (!bit || (row[AT.status] & bit) !== 0);
      });
    }
    function keyOf(row) {
      const value = row[AT[state.sort]];
      if (state.sort === "links" || state.sort === "rankings") { return value < 0 ? null : block.days[value][0]; }
      if (state.sort === "cause") { return value < 0 ? null : block.causes[value][0]; }
      if (state.sort === "tier") { return row[AT.score] < 0 ? null : row[AT.tier]; }
      return value === -1 ? null : value;
    }
    function sorted(rows) {
      const turn = state.dir === "asc" ? 1 : -1;
      const keyed = rows.map(function (row, place) { return { row: row, key: keyOf(row), place: place }; });
      keyed.sort(function (one, other) {
        if (one.key === null || other.key === null) {  /* what is not known comes last, whichever way is up */
          return (one.key === null) - (other.key === null) || one.place - other.place;
        }
        if (typeof one.key === "string") { return turn * one.key.localeCompare(other.key, root.lang) || one.place - other.place; }
        return turn * (one.key - other.key) || one.place - other.place;
      });
      return keyed.map(function (entry) { return entry.row; });
    }
    function grouped(rows) {
      if (!state.by) { return [{ rows: rows }]; }
      const groups = new Map();
      rows.forEach(function (row) {
        const name = row.names[state.by];
        if (!groups.has(name)) { groups.set(name, { name: name, rows: [] }); }
        groups.get(name).rows.push(row);
      });
      return Array.from(groups.values());
    }

    /* Writing. */
    function addCell(line, column, className) {
      const cell = make("td", "", className);
      cell.dataset.label = labels[column];
      line.append(cell);
      return cell;
    }
    function addDay(line, column, number) {
      const cell = addCell(line, column, "day");
      if (number < 0) { cell.textContent = words.no_data; return; }
      cell.append(block.days[number][1]);
      if (block.days[number][2]) { cell.append(make("span", block.days[number][2], "note")); }
    }
    function addCount(line, column, amount) { addCell(line, column, "n").textContent = amount < 0 ? "–" : String(amount); }
    function write(row) {
      const line = document.createElement("tr");
      const head = make("th");
      head.scope = "row";
      head.dataset.label = labels[0];
      const link = make("a", row[AT.site]);
      link.href = form.dataset.sites.replace("folder-of-the-site", encodeURIComponent(row[AT.folder] || row[AT.site]));
      head.append(link);
      const whose = [row.names.group, row.names.owner].filter(Boolean).join(" · ");
      if (whose) { head.append(make("span", whose, "note")); }
      if (row[AT.note] >= 0) { head.append(make("span", block.notes[row[AT.note]], "note warn")); }
      line.append(head);
      const score = addCell(line, 1, "n score");
      score.append(row[AT.score] < 0 ? "–" : String(row[AT.score]));
      if (row[AT.before] >= 0 && row[AT.score] >= 0 && row[AT.before] !== row[AT.score]) {
        score.append(make("span", say(words.before, { score: row[AT.before] }), "note"));
      }
      const tier = addCell(line, 2);
      tier.append(make("span", block.tiers[row[AT.tier]][1], "tier tier-" + row.tierName));
      tier.append(make("span", block.bases[row[AT.basis]], "note"));
      addCell(line, 3).append(drawSpark(row, words));
      addCount(line, 4, row[AT.surges]);
      addCount(line, 5, row[AT.drops]);
      addCell(line, 6).textContent = row[AT.cause] < 0 ? "–" : block.causes[row[AT.cause]][1];
      addDay(line, 7, row[AT.links]);
      addDay(line, 8, row[AT.rankings]);
      return line;
    }
    function writeGroup(group) {
      const line = make("tr", "", "group");
      const head = make("th");
      head.scope = "rowgroup";
      head.colSpan = heads.length;
      const scores = group.rows.map(function (row) { return row[AT.score]; });
      const highest = Math.max(...scores);
      head.append(make("strong", group.name || words[state.by === "group" ? "ungrouped" : "unowned"]));
      head.append(make("span", say(words.group, { count: group.rows.length, highest: highest < 0 ? "–" : highest }), "note"));
      line.append(head);
      return line;
    }
    function show() {
      const rows = wanted();
      const lines = [];
      let room = shown;
      grouped(sorted(rows)).forEach(function (group) {
        if (room <= 0) { return; }
        if (state.by) { lines.push(writeGroup(group)); }
        group.rows.slice(0, room).forEach(function (row) { lines.push(write(row)); });
        room -= group.rows.length;
      });
      if (!lines.length) {
        const cell = make("td", words.nothing, "empty");
        cell.colSpan = heads.length;
        const line = document.createElement("tr");
        line.append(cell);
        lines.push(line);
      }
      body.replaceChildren(...lines);
      heads.forEach(function (head) {
        if (head.dataset.sort === state.sort) { head.setAttribute("aria-sort", state.dir === "asc" ? "ascending" : "descending"); }
        else { head.removeAttribute("aria-sort"); }
      });
      count.textContent = say(words.shown, { shown: number(Math.min(shown, rows.length)), all: number(rows.length) });
      more.hidden = rows.length <= shown;
      more.textContent = say(words.more, { count: Math.min(PAGE, rows.length - shown) });
    }
    function change(changes) {
      Object.assign(state, changes);
      shown = PAGE;
      show();
      keepAddress();
    }

    /* Hands: fields, heads, keys. */
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    ["input", "change"].forEach(function (kind) {
      form.addEventListener(kind, function (event) {
        if (event.target.name in START && state[event.target.name] !== event.target.value) {
          change({ [event.target.name]: event.target.value });
        }
      });
    });
    heads.forEach(function (head) {
      if (!head.dataset.sort) { return; }
      addButton(head).addEventListener("click", function () {
        const isSame = state.sort === head.dataset.sort;
        const first = head.dataset.sort === "site" ? "asc" : "desc";
        change({ sort: head.dataset.sort, dir: isSame ? (state.dir === "asc" ? "desc" : "asc") : first });
      });
    });
    more.addEventListener("click", function () {
      const next = shown;
      shown += PAGE;
      show();
      const links = body.querySelectorAll("th a");
      if (links[next]) { links[next].focus(); }
    });
    const search = form.elements.q;
    const shortcut = form.elements.shortcut;
    try { shortcut.checked = window.localStorage.getItem("penalty-radar-shortcut") !== "off"; } catch (error) { /* on, then */ }
    shortcut.addEventListener("change", function () {
      try { window.localStorage.setItem("penalty-radar-shortcut", shortcut.checked ? "on" : "off"); } catch (error) { /* this page */ }
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "/" || !shortcut.checked || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (event.target.closest("input, select, textarea")) { return; }
      event.preventDefault();
      search.focus();
      search.select();
    });
    search.addEventListener("keydown", function (event) {
      const first = body.querySelector("th a");
      if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
      if (event.key === "Escape" && search.value) { event.preventDefault(); search.value = ""; change({ q: "" }); }
    });
    body.addEventListener("keydown", function (event) {
      if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) { return; }
      const links = Array.from(body.querySelectorAll("th a"));
      const at = links.indexOf(document.activeElement);
      if (at < 0) { return; }
      event.preventDefault();
      if (event.key === "ArrowUp" && at === 0) { search.focus(); return; }
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
      links[Math.min(to, links.length - 1)].focus();
    });
    window.addEventListener("hashchange", function () {
      if (window.location.hash && !window.location.hash.includes("=")) { return; }
      readAddress();
      shown = PAGE;
      show();
      keepAddress();
      form.scrollIntoView({ block: "start" });
      search.focus({ preventScroll: true });
    });
    readAddress();
    show();
    if (window.location.hash.includes("=")) { keepAddress(); }
    form.hidden = false;
    document.querySelectorAll("[data-plain]").forEach(function (note) { note.hidden = true; });
  }

  document.querySelectorAll("table.sortable").forEach(prepareSort);
  document.querySelectorAll("form[data-board]").forEach(Board);
})();
