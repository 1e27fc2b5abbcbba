/* Penalty Radar: theme, charts, range buttons. No request is made; without this file every figure can still be read
   in the tables. */
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
  /* A trace is of one role, or of a role for each of its bars or points. */
  function colours(role) { return Array.isArray(role) ? role.map(colour) : colour(role); }
  function paintTrace(trace) {
    if (trace.type === "bar") {
      trace.marker = Object.assign({}, trace.marker, { color: colours(trace.meta) });
      if (trace.marker.pattern) { trace.marker.pattern.fgcolor = colour("paper"); }
    } else {
      const mode = trace.mode || "lines";
      if (mode.includes("markers")) { trace.marker = Object.assign({}, trace.marker, { color: colours(trace.meta) }); }
      if (mode.includes("lines")) { trace.line = Object.assign({}, trace.line, { color: colour([].concat(trace.meta)[0]) }); }
      if (mode.includes("text")) { trace.textfont = Object.assign({ color: colour("ink") }, trace.textfont); }
      if (trace.fill && trace.fill !== "none") { trace.fillcolor = faded([].concat(trace.meta)[0], 0.18); }
    }
    trace.hoverlabel = { bgcolor: colour("sheet"), bordercolor: colour("rule"), font: { color: colour("ink"), size: 13 } };
  }
  function paintShape(shape) {
    if (!shape.name) { return; }
    const role = shape.name.replace("surge-", "origin-");
    if (role.startsWith("cap-")) { shape.fillcolor = colour(role.slice(4)); return; }
    if (role === "drop") { shape.fillcolor = faded("drop", 0.12); }
    else if (role === "unknown") { shape.fillcolor = faded("unknown", 0.1); }
    else if (role.startsWith("event-")) {
      if (role === "event-manual_action") { shape.line = { color: colour("drop"), width: 2 }; }
      else if (/^event-(site_change|link_removal|disavow|reconsideration)$/.test(role)) { shape.line = { color: colour("accent"), width: 1.5, dash: "dash" }; }
      else if (shape.type === "line") { shape.line = { color: colour("event"), width: 1.5, dash: "dot" }; }
      else { shape.fillcolor = faded("event", 0.17); }
    } else { shape.fillcolor = faded(role, 0.22); }
  }
  function paintNote(note, narrow, left) {
    if (note.name === "row-title") { note.xshift = -left; }
    if (!note.name) { note.font = Object.assign({ color: colour("soft") }, note.font); return; }
    const sizes = { "row-title": narrow ? 12 : 14, "event-label": LABEL_SIZE, "unknown-label": 12, "surge-label": 12, "drop-label": 12 };
    note.font = { size: sizes[note.name] || 12, color: colour(/^(event|unknown)-label$/.test(note.name) ? "soft" : "ink") };
    if (/^(surge|drop)-label$/.test(note.name)) { note.font.weight = 700; note.bgcolor = colour("paper"); note.borderpad = 1; }
    if (note.name === "drop-label") { note.font.color = colour("drop"); }
  }
  /* A figure has a time axis with rows, lanes of sites, or axes of its own ("plain"). */
  function kindOf(layout) { return layout.meta.kind || (layout.meta.lanes ? "lanes" : "time"); }
  function painted(figure, narrow) {
    const copy = JSON.parse(JSON.stringify(figure));
    const layout = copy.layout;
    const narrowLeft = { lanes: 118, time: 36 }[kindOf(layout)] || layout.meta.narrow_left || layout.margin.l;
    const left = narrow ? narrowLeft : layout.margin.l;
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
      layout[key].zerolinecolor = colour("soft");
      if (key.startsWith("x") && narrow) { layout[key].nticks = 4; }
    });
    /* A finger that scrolls must not zoom: touch screens use the range buttons. */
    if (window.matchMedia("(pointer: coarse)").matches) { layout.dragmode = false; }
    return copy;
  }

  /* Each row reaches as far as what is shown: an old peak outside the time shown must not flatten the rest. Bars are
     stacked, those below zero apart from those above. */
  function heights(figure, from, until) {
    const ends = {};
    figure.data.forEach(function (trace) {
      if (trace.visible === false) { return; }
      const axis = "yaxis" + (trace.yaxis || "y").slice(1);
      const sums = ends[axis] || (ends[axis] = { up: new Map(), down: new Map() });
      trace.x.forEach(function (x, at) {
        const y = trace.y[at];
        if (x === null || x < from || x > until || y === null) { return; }
        const side = y < 0 ? sums.down : sums.up;
        const before = side.get(x) || 0;
        side.set(x, trace.type === "bar" ? before + y : (y < 0 ? Math.min(before, y) : Math.max(before, y)));
      });
    });
    const ranges = {};
    Object.keys(ends).forEach(function (axis) {
      let top = 0;
      let bottom = 0;
      ends[axis].up.forEach(function (value) { top = Math.max(top, value); });
      ends[axis].down.forEach(function (value) { bottom = Math.min(bottom, value); });
      ranges[axis] = [bottom * 1.12, top > 0 ? top * 1.12 : (bottom < 0 ? 0 : 1)];
    });
    return ranges;
  }
  /* Labels of events, the most telling first: each is shown where those before it leave room. */
  const pen = document.createElement("canvas").getContext("2d");
  function placeLabels(layout, width) {
    if (kindOf(layout) === "plain") { return []; }
    const from = Date.parse(layout.xaxis.range[0]);
    const until = Date.parse(layout.xaxis.range[1]);
    const room = width - layout.margin.l - layout.margin.r;
    const taken = [];
    pen.font = LABEL_SIZE + "px " + layout.font.family;
    return (layout.annotations || []).map(function (note) {
      if (note.name !== "event-label") { return null; }
      const day = Date.parse(note.x);
      const length = pen.measureText(note.text).width + 4;
      const left = Math.min((day - from) / (until - from) * room, room - length);
      const isFree = taken.every(function (other) { return left + length <= other[0] - 8 || left >= other[1] + 8; });
      const visible = day >= from && day <= until && left >= 0 && isFree;
      if (visible) { taken.push([left, left + length]); }
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
  /* To a screen reader the drawing is one picture with the words of its figure; the buttons beside it stay buttons. */
  function tellAsPicture(plot) {
    const label = plot.closest("figure").getAttribute("aria-label");
    plot.querySelectorAll(".main-svg").forEach(function (layer, at) {
      if (at) { layer.setAttribute("aria-hidden", "true"); return; }
      layer.setAttribute("role", "img");
      layer.setAttribute("aria-label", label);
    });
  }
  function drawCharts() {
    if (!window.Plotly) { return; }
    window.Plotly.register(DUTCH);
    const charts = Array.from(document.querySelectorAll("[data-figure]")).map(function (plot) {
      return { plot: plot, figure: JSON.parse(document.getElementById(plot.dataset.figure).textContent) };
    });
    /* Charts that follow the site's time axis show what it shows. */
    function follow(range) {
      charts.forEach(function (chart) {
        if (chart.figure.layout.meta.follows !== "time" || !chart.plot.layout) { return; }
        window.Plotly.relayout(chart.plot, { "xaxis.range": range.slice() });
      });
    }
    paint = function (isFirst) {
      const narrow = window.innerWidth < 704;
      charts.forEach(function (chart) {
        const drawn = painted(chart.figure, narrow);
        if (isFirst) { chart.plot.replaceChildren(); }
        else if (kindOf(drawn.layout) !== "plain" && chart.plot.layout && chart.plot.layout.xaxis) { drawn.layout.xaxis.range = chart.plot.layout.xaxis.range.slice(); }
        if (kindOf(drawn.layout) === "time") {
          const range = drawn.layout.xaxis.range;
          const ranges = heights(drawn, range[0], range[1]);
          Object.keys(ranges).forEach(function (axis) { drawn.layout[axis].range = ranges[axis]; });
        }
        placeLabels(drawn.layout, chart.plot.clientWidth).forEach(function (place, at) {
          if (place) { Object.assign(drawn.layout.annotations[at], place); }
        });
        /* A resize makes Plotly forget the figure's height: then it takes that of its place. */
        chart.plot.style.height = drawn.layout.height + "px";
        window.Plotly.react(chart.plot, drawn.data, drawn.layout, CONFIG).then(function () {
          tellAsPicture(chart.plot);
          chart.plot.dataset.drawn = narrow ? "narrow" : "wide";
          if (isFirst && kindOf(drawn.layout) === "time") {
            chart.plot.on("plotly_relayout", function (changes) {
              if (!Object.keys(changes).some(function (key) { return key.startsWith("xaxis"); })) { return; }
              fit(chart.plot, chart.figure);
              if (chart.figure.layout.meta.leads) { follow(chart.plot.layout.xaxis.range); }
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

  function showRun() {
    const place = document.querySelector("[data-run]");
    if (!place || !window.penaltyRadarRun) { return; }
    place.querySelector("[data-run-text]").textContent = window.penaltyRadarRun.text[root.lang];
    place.hidden = false;
    if (window.penaltyRadarRun.internal) {
      document.querySelectorAll("[data-internal]").forEach(function (link) { link.hidden = false; });
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    prepareTheme();
    showRun();
    drawCharts();
  });
})();
