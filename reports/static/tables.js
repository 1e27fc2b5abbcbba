/* Penalty Radar: tables that are searched and sorted. Without this file they are plain tables. */
"use strict";
(function () {
  const root = document.documentElement;

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
  document.querySelectorAll("table.sortable").forEach(prepareSort);
  document.querySelectorAll("[data-search]").forEach(prepareSearch);
})();
