/* Penalty Radar: theme, charts, range buttons, table search and sort. No request is made; without this file
   every figure can still be read in the tables. */
"use strict";
(function () {
  const root = document.documentElement;

  /* Theme: the reader's choice, else the system's. Storage may be closed to pages opened from disk. */
  function remembered() {
    try { return window.localStorage.getItem("penalty-radar-theme"); } catch (error) { return null; }
  }
  function remember(theme) {
    try { window.localStorage.setItem("penalty-radar-theme", theme); } catch (error) { /* this page only, then */ }
  }
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") { root.dataset.theme = chosen; }
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  function isDark() { return root.dataset.theme ? root.dataset.theme === "dark" : system.matches; }

  /* Charts name roles; the style sheet has their colours. */
  let paint = null;
  const LABEL_SIZE = 11.5;
  function colour(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim() || "#888888";
  }
  function faded(name, opacity) {
    const hex = colour(name).replace("#", "");
    const parts = [0, 2, 4].map(function (at) { return parseInt(hex.slice(at, at + 2), 16); });
    return "rgba(" + parts.join(",") + "," + opacity + ")";
  }
  function paintTrace(trace) {
    if (trace.type === "bar") {
      trace.marker.color = colour(trace.meta);
      if (trace.marker.pattern) { trace.marker.pattern.fgcolor = colour("paper"); }
    } else {
      trace.line = Object.assign({}, trace.line, { color: colour(trace.meta) });
    }
    trace.hoverlabel = { bgcolor: colour("sheet"), bordercolor: colour("rule"), font: { color: colour("ink"), size: 13 } };
  }
  function paintShape(shape) {
    const role = shape.name.replace("surge-", "origin-");
    if (role.startsWith("cap-")) { shape.fillcolor = colour(role.slice(4)); return; }
    if (role === "drop") { shape.fillcolor = faded("drop", 0.12); }
    else if (role === "unknown") { shape.fillcolor = faded("unknown", 0.1); }
    else if (role.startsWith("event-")) {
      if (shape.type === "line") { shape.line = { color: colour("event"), width: 1.5, dash: "dot" }; }
      else { shape.fillcolor = faded("event", 0.17); }
    } else { shape.fillcolor = faded(role, 0.22); }
  }
  function paintNote(note, narrow, left) {
    if (note.name === "row-title") { note.xshift = -left; }
    const sizes = { "row-title": narrow ? 12 : 14, "event-label": LABEL_SIZE, "unknown-label": 12, "surge-label": 12, "drop-label": 12 };
    note.font = { size: sizes[note.name], color: colour(/^(event|unknown)-label$/.test(note.name) ? "soft" : "ink") };
    if (/^(surge|drop)-label$/.test(note.name)) { note.font.weight = 700; note.bgcolor = colour("paper"); note.borderpad = 1; }
    if (note.name === "drop-label") { note.font.color = colour("drop"); }
  }
  function painted(figure, narrow) {
    const copy = JSON.parse(JSON.stringify(figure));
    const layout = copy.layout;
    const left = layout.meta.lanes ? (narrow ? 118 : layout.margin.l) : (narrow ? 36 : layout.margin.l);
    copy.data.forEach(paintTrace);
    (layout.shapes || []).forEach(paintShape);
    (layout.annotations || []).forEach(function (note) { paintNote(note, narrow, left); });
    if (layout.meta.lanes && narrow) {
      layout.yaxis.ticktext = layout.yaxis.ticktext.map(function (site) { return site.length > 16 ? site.slice(0, 15) + "…" : site; });
    }
    layout.paper_bgcolor = "rgba(0,0,0,0)";
    layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.margin.l = left;
    layout.font = { family: getComputedStyle(document.body).fontFamily, size: narrow ? 11 : 12.5, color: colour("soft") };
    Object.keys(layout).forEach(function (key) {
      if (!/^[xy]axis\d*$/.test(key)) { return; }
      layout[key].gridcolor = colour("grid");
      layout[key].linecolor = colour("rule");
      layout[key].tickcolor = colour("rule");
      if (key.startsWith("x") && narrow) { layout[key].nticks = 4; }
    });
    /* A finger that scrolls must not zoom: touch screens use the range buttons. */
    if (window.matchMedia("(pointer: coarse)").matches) { layout.dragmode = false; }
    return copy;
  }

  /* Each row reaches as high as what is shown: an old peak outside the time shown must not flatten the rest. */
  function heights(figure, from, until) {
    const tops = {};
    figure.data.forEach(function (trace) {
      const axis = "yaxis" + (trace.yaxis || "y").slice(1);
      const sums = tops[axis] || (tops[axis] = new Map());
      trace.x.forEach(function (x, at) {
        if (x === null || x < from || x > until || trace.y[at] === null) { return; }
        sums.set(x, trace.type === "bar" ? (sums.get(x) || 0) + trace.y[at] : Math.max(sums.get(x) || 0, trace.y[at]));
      });
    });
    const ranges = {};
    Object.keys(tops).forEach(function (axis) {
      let top = 0;
      tops[axis].forEach(function (value) { top = Math.max(top, value); });
      ranges[axis] = [0, top > 0 ? top * 1.12 : 1];
    });
    return ranges;
  }
  /* Labels of events, newest first: each is shown where the one before it leaves room. */
  const pen = document.createElement("canvas").getContext("2d");
  function placeLabels(layout, width) {
    const from = Date.parse(layout.xaxis.range[0]);
    const until = Date.parse(layout.xaxis.range[1]);
    const room = width - layout.margin.l - layout.margin.r;
    let free = Infinity;
    pen.font = LABEL_SIZE + "px " + layout.font.family;
    return (layout.annotations || []).map(function (note) {
      if (note.name !== "event-label") { return null; }
      const day = Date.parse(note.x);
      const length = pen.measureText(note.text).width + 4;
      const left = Math.min((day - from) / (until - from) * room, room - length);
      const visible = day >= from && day <= until && left >= 0 && left + length <= free - 8;
      if (visible) { free = left; }
      return { visible: visible, xshift: visible ? left - (day - from) / (until - from) * room : 0 };
    });
  }
  function fit(plot, figure) {
    const range = plot.layout.xaxis.range.map(function (end) { return String(end).slice(0, 16); });
    const ranges = heights(figure, range[0], range[1]);
    const changes = {};
    Object.keys(ranges).forEach(function (axis) { changes[axis + ".range"] = ranges[axis]; });
    placeLabels(plot.layout, plot.clientWidth).forEach(function (place, at) {
      if (!place) { return; }
      changes["annotations[" + at + "].visible"] = place.visible;
      changes["annotations[" + at + "].xshift"] = place.xshift;
    });
    window.Plotly.relayout(plot, changes);
  }

  const CONFIG = {
    displaylogo: false, showSendToCloud: false, responsive: true, displayModeBar: window.innerWidth < 704 ? false : "hover", scrollZoom: false,
    modeBarButtonsToRemove: ["sendChartToCloud", "select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    locale: root.lang
  };
  const DUTCH = {
    moduleType: "locale", name: "nl",
    dictionary: {
      "Zoom": "Inzoomen", "Pan": "Verschuiven", "Reset axes": "Hele periode", "Download plot as a PNG": "Bewaar als PNG",
      "Download plot": "Bewaar grafiek"
    },
    format: {
      days: ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
      shortDays: ["zo", "ma", "di", "wo", "do", "vr", "za"],
      months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
      shortMonths: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
      date: "%d-%m-%Y", decimal: ",", thousands: "."
    }
  };
  function drawCharts() {
    if (!window.Plotly) { return; }
    window.Plotly.register(DUTCH);
    const charts = Array.from(document.querySelectorAll("[data-figure]")).map(function (plot) {
      return { plot: plot, figure: JSON.parse(document.getElementById(plot.dataset.figure).textContent) };
    });
    paint = function (isFirst) {
      const narrow = window.innerWidth < 704;
      charts.forEach(function (chart) {
        const drawn = painted(chart.figure, narrow);
        if (isFirst) { chart.plot.replaceChildren(); }
        else if (chart.plot.layout && chart.plot.layout.xaxis) { drawn.layout.xaxis.range = chart.plot.layout.xaxis.range.slice(); }
        if (!drawn.layout.meta.lanes) {
          const range = drawn.layout.xaxis.range;
          const ranges = heights(drawn, range[0], range[1]);
          Object.keys(ranges).forEach(function (axis) { drawn.layout[axis].range = ranges[axis]; });
        }
        placeLabels(drawn.layout, chart.plot.clientWidth).forEach(function (place, at) {
          if (place) { Object.assign(drawn.layout.annotations[at], place); }
        });
        window.Plotly.react(chart.plot, drawn.data, drawn.layout, CONFIG).then(function () {
          chart.plot.dataset.drawn = narrow ? "narrow" : "wide";
          if (isFirst && !drawn.layout.meta.lanes) {
            chart.plot.on("plotly_relayout", function (changes) {
              if (Object.keys(changes).some(function (key) { return key.startsWith("xaxis"); })) { fit(chart.plot, chart.figure); }
            });
          }
        });
      });
    };
    paint(true);
    let wasWidth = window.innerWidth;
    let waiting = 0;
    window.addEventListener("resize", function () {
      const width = window.innerWidth;
      if (width !== wasWidth) { wasWidth = width; window.clearTimeout(waiting); waiting = window.setTimeout(paint, 150, false); }
    });
    document.querySelectorAll("[data-range-for]").forEach(prepareRanges);
  }

  function prepareRanges(tools) {
    const plot = document.querySelector("[data-figure='" + tools.dataset.rangeFor + "']");
    if (!plot) { return; }
    const meta = JSON.parse(document.getElementById(tools.dataset.rangeFor).textContent).layout.meta;
    const buttons = Array.from(tools.querySelectorAll("button"));
    const span = (Date.parse(meta.until) - Date.parse(meta.from)) / 86400000;
    function press(pressed) {
      buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button === pressed)); });
    }
    buttons.forEach(function (button) {
      const days = button.dataset.days === "all" ? span : Number(button.dataset.days);
      button.hidden = button.dataset.days !== "all" && days >= span;
      button.addEventListener("click", function () {
        const start = new Date(Math.max(Date.parse(meta.from), Date.parse(meta.until) - days * 86400000));
        window.Plotly.relayout(plot, { "xaxis.range": [start.toISOString().slice(0, 10), meta.until] });
        press(button);
      });
    });
    press(buttons.find(function (button) { return !button.hidden && Number(button.dataset.days) === meta.shown; }) || buttons[buttons.length - 1]);
    plot.on("plotly_relayouting", function () { press(null); });
    tools.hidden = false;
  }

  function prepareTheme() {
    const button = document.querySelector("[data-theme-switch]");
    if (!button) { return; }
    button.hidden = false;
    /* Paper is light. */
    let kept = null;
    window.addEventListener("beforeprint", function () {
      kept = root.dataset.theme || "";
      root.dataset.theme = "light";
      if (paint) { paint(false); }
    });
    window.addEventListener("afterprint", function () {
      if (kept) { root.dataset.theme = kept; } else { delete root.dataset.theme; }
      if (paint) { paint(false); }
    });
    function show() { button.setAttribute("aria-pressed", String(isDark())); if (paint) { paint(false); } }
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
    });
    system.addEventListener("change", show);
  }

  function valueOf(row, column) {
    const cell = row.cells[column];
    const value = cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
    return value === "" || isNaN(Number(value)) ? value : Number(value);
  }
  function prepareSort(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
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
  function prepareSearch(input) {
    const rows = Array.from(document.getElementById(input.dataset.search).tBodies[0].rows);
    const count = document.querySelector("[data-search-count]");
    input.addEventListener("input", function () {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach(function (row) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) { shown += 1; }
      });
      count.textContent = wanted ? count.dataset.searchCount.replace("{shown}", shown).replace("{all}", rows.length) : "";
    });
  }
  function showRun() {
    const place = document.querySelector("[data-run]");
    if (!place || !window.penaltyRadarRun) { return; }
    place.querySelector("[data-run-text]").textContent = window.penaltyRadarRun.text[root.lang];
    place.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", function () {
    prepareTheme();
    document.querySelectorAll("table.sortable").forEach(prepareSort);
    document.querySelectorAll("[data-search]").forEach(prepareSearch);
    showRun();
    drawCharts();
  });
})();
