// A click on a heading sorts its table by that column, a second one backward.
for (const head of document.querySelectorAll("table.sortable th")) {
  head.addEventListener("click", () => {
    const body = head.closest("table").tBodies[0];
    const column = head.cellIndex;
    const sign = head.dataset.sorted === "up" ? -1 : 1;
    head.dataset.sorted = sign > 0 ? "up" : "down";
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const order = (a, b) => {
      const x = Number.parseFloat(key(a)), y = Number.parseFloat(key(b));
      if (Number.isNaN(x) && Number.isNaN(y)) return key(a).localeCompare(key(b));
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? sign : -sign;
      return x - y;
    };
    body.append(...[...body.rows].sort((a, b) => sign * order(a, b)));
  });
}
